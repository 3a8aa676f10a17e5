/** Load from wrk, for servers that answer faster than Node could ask (Debian: apt-get install wrk). */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Load } from './callers.ts'
import type { Request } from './request.ts'

const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 }

const latency = (output: string, share: string): number => {
  const [, value, unit = ''] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s)`).exec(output) ?? []
  return Number(value) * (unitMs[unit] ?? Number.NaN)
}

const script = ({ headers, body }: Request): string =>
  [
    'wrk.method = "POST"',
    ...Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`),
    `wrk.body = [[${body.toString()}]]`,
  ].join('\n')

/** @param request whose body is text @throws Error where wrk is missing or a request failed */
export const wrk = async (
  base: string,
  request: Request,
  { callers, seconds }: { readonly callers: number; readonly seconds: number },
): Promise<Load> => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'))
  try {
    const file = join(folder, 'post.lua')
    await writeFile(file, script(request))
    const args = ['-t1', `-c${callers}`, `-d${seconds}s`, '--timeout', '30s', '--latency', '-s', file]
    const { stdout } = await promisify(execFile)('wrk', [...args, `${base}${request.path}`]).catch(
      (error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT'
          ? new Error('wrk is missing; install it (Debian: apt-get install wrk)')
          : error
      },
    )
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`requests failed:\n${stdout}`)
    return {
      perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
      p50Ms: latency(stdout, '50'),
      p99Ms: latency(stdout, '99'),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}
