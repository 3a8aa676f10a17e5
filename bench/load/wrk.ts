/**
 * Load from wrk (Debian: apt-get install wrk), whose callers each send the next request when the last one is answered. It
 * takes little of the processors that it shares with the server, where callers in Node add a millisecond to every answer.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Request } from './request.ts'

export interface Load {
  readonly perSecond: number
  /** Latencies, milliseconds. */
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

export interface Pace {
  readonly callers: number
  /** Duration of the load before the measurement; its answers do not count. */
  readonly warmUpSeconds: number
  readonly seconds: number
}

const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

const latency = (report: string, share: string): number => {
  const [, value, unit = ''] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s|m)`).exec(report) ?? []
  return Number(value) * (unitMs[unit] ?? Number.NaN)
}

/** What a report of wrk says. @throws Error where a request failed or none was answered */
export const loadOf = (report: string): Load => {
  if (/Non-2xx|Socket errors/.test(report)) throw new Error(`requests failed:\n${report}`)
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1])
  if (!(perSecond > 0)) throw new Error(`nothing was answered; measure longer with --seconds:\n${report}`)
  const p95Ms = Number(/^p95 (\d+) us$/m.exec(report)?.[1]) / 1000
  return { perSecond, p50Ms: latency(report, '50'), p95Ms, p99Ms: latency(report, '99') }
}

const script = ({ headers }: Request, bodyFile: string): string =>
  [
    'wrk.method = "POST"',
    ...Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`),
    `local file = io.open("${bodyFile}", "rb")`,
    'wrk.body = file:read("*a")',
    'file:close()',
    // The report has no 95th percentile of its own.
    'done = function(_, latency) io.write(string.format("p95 %d us\\n", latency:percentile(95))) end',
  ].join('\n')

/** @throws Error where wrk is missing, a request failed or none was answered */
export const load = async (base: string, request: Request, pace: Pace): Promise<Load> => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'))
  const [lua, body] = [join(folder, 'post.lua'), join(folder, 'body')]
  const run = async (seconds: number): Promise<Load> => {
    const duration = `-d${Math.max(1, Math.round(seconds))}s`
    const args = ['-t1', `-c${pace.callers}`, duration, '--timeout', '30s', '--latency', '-s', lua]
    const { stdout } = await promisify(execFile)('wrk', [...args, `${base}${request.path}`]).catch(
      (error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT'
          ? new Error('wrk is missing; install it (Debian: apt-get install wrk)')
          : error
      },
    )
    return loadOf(stdout)
  }
  try {
    await writeFile(body, request.body)
    await writeFile(lua, script(request, body))
    await run(pace.warmUpSeconds)
    return await run(pace.seconds)
  } finally {
    await rm(folder, { recursive: true })
  }
}
