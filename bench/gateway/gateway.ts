/**
 * The gateway beside HAProxy, Envoy and Traefik, in turns: requests per second of 32 callers, and latency at a fixed rate. The
 * proxy alone has one core; the load and the servers share another.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../local-cluster/machine/command.ts'
import { openLoop } from '../load/open-loop.ts'
import { jsonRequest, type Request } from '../load/request.ts'
import { type Program, type RunningServer, start } from '../load/server.ts'
import { type Load, load } from '../load/wrk.ts'
import { chosen, type Effort } from '../options.ts'
import { median, show, type Table } from '../report.ts'
import { findBinaries } from './binaries.ts'
import {
  backendProgram,
  models,
  names,
  type ProxyName,
  proxyProgram,
  requestPath,
  type Scene,
} from './proxies.ts'

const defaults = { rounds: 3, seconds: 4 }
const warmUpSeconds = 1
/** The rate at which latencies are compared: far below what each of the proxies can do. */
const perSecond = 400
/** More than those of the other load: 1 % of the answers decide about the p99. */
const steadyFactor = 3

/** Core of the proxy, and that of everything else. */
const [proxyCore, otherCore] = ['0', '1'] as const

const request: Request = jsonRequest(requestPath, { text: 'x'.repeat(130) })

interface Run {
  readonly many: Load
  /** Requests of `many` for each second of processor time that the proxy took: other work on the machine is not in it. */
  readonly perCpuSecond: number
  /** Latencies at the fixed rate. */
  readonly steady: Load
  readonly residentMb: number
}

const onCore = (core: string, { command, args, env }: Program): Program => ({
  command: 'taskset',
  args: ['-c', core, command, ...args],
  ...(env && { env }),
})

const measured = async ({ base, residentMb, cpuSeconds }: RunningServer, seconds: number): Promise<Run> => {
  // A program that is compiled while it runs is at its speed only then.
  await load(base, request, { callers: 32, warmUpSeconds, seconds })
  const before = cpuSeconds()
  const many = await load(base, request, { callers: 32, warmUpSeconds, seconds })
  const perCpuSecond = (many.perSecond * (warmUpSeconds + seconds)) / (cpuSeconds() - before)
  const memory = residentMb()
  const steady = await openLoop(base, request, { perSecond, warmUpSeconds, seconds: steadyFactor * seconds })
  return { many, perCpuSecond, steady, residentMb: memory }
}

/** @param backends ports */
const round = async (
  name: ProxyName,
  scene: Scene,
  backends: readonly number[],
  seconds: number,
): Promise<Run> => {
  const program = async (port: number): Promise<Program> =>
    onCore(proxyCore, await proxyProgram(name, scene, port, backends))
  const running = await start(program, request)
  try {
    return await measured(running, seconds)
  } finally {
    await running.stop()
  }
}

type Series = ReadonlyMap<ProxyName | 'direct', Run[]>

const tableOf = (series: Series): Table => {
  const of = (name: ProxyName | 'direct', value: (run: Run) => number): number =>
    median((series.get(name) ?? []).map(value))
  const perCpuSecond = (name: ProxyName | 'direct'): number => of(name, (run) => run.perCpuSecond)
  const added = (name: ProxyName, value: (found: Load) => number): number =>
    1000 * (of(name, ({ steady }) => value(steady)) - of('direct', ({ steady }) => value(steady)))
  return {
    head: [
      'proxy',
      'requests/s',
      'requests per CPU second',
      'gateway / it',
      `added p50 at ${perSecond}/s, us`,
      `added p99 at ${perSecond}/s, us`,
      'MB under load',
    ],
    lines: names
      .filter((name) => series.has(name))
      .map((name) => [
        name,
        show(of(name, ({ many }) => many.perSecond)),
        show(perCpuSecond(name)),
        (perCpuSecond('gateway') / perCpuSecond(name)).toFixed(2),
        show(added(name, ({ p50Ms }) => p50Ms)),
        show(added(name, ({ p99Ms }) => p99Ms)),
        show(of(name, ({ residentMb }) => residentMb)),
      ]),
  }
}

const turns = async (scene: Scene, effort: Effort): Promise<Series> => {
  const seconds = effort.seconds ?? defaults.seconds
  const wanted: readonly ProxyName[] = ['gateway', ...chosen(models, effort)]
  const server = () => start((port) => backendProgram(scene, port), request)
  const [direct, other] = [await server(), await server()]
  const backends = [direct, other].map(({ base }) => Number(new URL(base).port))
  const series = new Map<ProxyName | 'direct', Run[]>(
    [...wanted, 'direct' as const].map((name) => [name, []]),
  )
  try {
    for (let turn = 0; turn < (effort.rounds ?? defaults.rounds); turn++) {
      series.get('direct')?.push(await measured(direct, seconds))
      for (const name of wanted) series.get(name)?.push(await round(name, scene, backends, seconds))
    }
  } finally {
    await direct.stop()
    await other.stop()
  }
  return series
}

export const measure = async (effort: Effort): Promise<Table> => {
  const binaries = await findBinaries()
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-gateway-'))
  // What this process starts without a core of its own shares this one with it.
  await run('taskset', ['-cp', otherCore, String(process.pid)])
  try {
    return tableOf(await turns({ folder, binaries }, effort))
  } finally {
    await rm(folder, { recursive: true })
  }
}
