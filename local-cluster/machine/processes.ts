import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Endpoint, requirePort } from './ports.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'
import { waitFor } from './wait.ts'

/** A program that outlives the command that started it. */
export type ProcessSpec = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Where it will listen: checked before it is started, so that the error names the port. */
  readonly listens?: readonly Endpoint[]
}

/** Content of a pid file. */
export type ProcessRecord = ProcessSpec & { readonly identity: ProcessIdentity }

export type StartResult = 'running' | 'started' | 'replaced'

/** Proxies of the host must not come between the parts of one machine. */
const withoutProxies = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: `${env['PATH']}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: env['HOME'],
})

const sameCommand = (a: ProcessSpec, b: ProcessSpec): boolean =>
  a.command === b.command && JSON.stringify(a.args) === JSON.stringify(b.args)

/** Pid files: one for each program, in `folder`. */
const pidFiles = (folder: string) => {
  const file = (name: string): string => join(folder, `${name}.json`)

  const record = async (name: string): Promise<ProcessRecord | undefined> => {
    const text = await readFile(file(name), 'utf8').catch(() => '')
    return text ? (JSON.parse(text) as ProcessRecord) : undefined
  }

  /** @returns the record of the program while it lives, never that of a later process with the same pid */
  const alive = async (name: string): Promise<ProcessRecord | undefined> => {
    const known = await record(name)
    return known && isAlive(known.identity) ? known : undefined
  }

  const write = async (known: ProcessRecord): Promise<void> => {
    const unfinished = `${file(known.name)}.new`
    await writeFile(unfinished, JSON.stringify(known, null, 2))
    await rename(unfinished, file(known.name))
  }

  const remove = (name: string): Promise<void> => rm(file(name), { force: true })

  /** Names of all pid files, alive or not. */
  const names = async (): Promise<readonly string[]> => {
    const files = await readdir(folder).catch(() => [] as string[])
    return files.filter((entry) => entry.endsWith('.json')).map((entry) => entry.slice(0, -'.json'.length))
  }

  return { alive, write, remove, names }
}

/** Runs detached programs, each with a pid file in `folder` and a log in `logs`; ends only those. */
export const processTable = (folder: string, logs: string, env: NodeJS.ProcessEnv) => {
  const { alive, write, remove, names } = pidFiles(folder)

  const logOf = (name: string): string => join(logs, `${name}.log`)

  const start = async (spec: ProcessSpec): Promise<void> => {
    await mkdir(folder, { recursive: true })
    await mkdir(logs, { recursive: true })
    const log = openSync(logOf(spec.name), 'a')
    const child = spawn(spec.command, spec.args, {
      detached: true,
      cwd: '/',
      env: withoutProxies(env),
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    const identity = identify(child.pid ?? 0)
    if (!identity) throw new Error(`${spec.name} ended at once:\n${await tail(spec.name)}`)
    await write({ ...spec, identity })
  }

  /** Asks with SIGTERM, insists with SIGKILL after `patienceMs`; resolves when the process is gone. */
  const stop = async (name: string, patienceMs = 5_000): Promise<void> => {
    const known = await alive(name)
    if (known) {
      const { pid } = known.identity
      const gone = async (): Promise<boolean> => !isAlive(known.identity)
      process.kill(pid, 'SIGTERM')
      await waitFor(`${name} ends`, gone, { timeoutMs: patienceMs, intervalMs: 20 }).catch(async () => {
        if (isAlive(known.identity)) process.kill(pid, 'SIGKILL')
        await waitFor(`${name} (pid ${pid}) ends`, gone, { timeoutMs: 10_000, intervalMs: 20 })
      })
    }
    await remove(name)
  }

  /** Leaves a program alone that runs with just these arguments; otherwise it runs so afterwards. @throws Error naming a port in use */
  const ensure = async (spec: ProcessSpec): Promise<StartResult> => {
    const running = await alive(spec.name)
    if (running && sameCommand(running, spec)) return 'running'
    if (running) await stop(spec.name)
    for (const endpoint of spec.listens ?? []) await requirePort(spec.name, endpoint)
    await start(spec)
    return running ? 'replaced' : 'started'
  }

  const tail = async (name: string, lines = 8): Promise<string> =>
    (await readFile(logOf(name), 'utf8').catch(() => '')).trimEnd().split('\n').slice(-lines).join('\n')

  return { alive, ensure, stop, tail, names, logOf }
}

export type ProcessTable = ReturnType<typeof processTable>
