import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** The members of a Kubernetes object that tests read. */
export interface Live {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid: string
    readonly resourceVersion: string
    readonly creationTimestamp: string
    readonly deletionTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  // biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds
  readonly [field: string]: any
}

export const conditionOf = (
  model: Live,
  type: string,
): { status: string; reason: string; message: string } | undefined =>
  model['status']?.conditions?.find((condition: { type: string }) => condition.type === type)

export interface Kubectl {
  /** @throws Error with what kubectl wrote to stderr */
  readonly run: (args: readonly string[], input?: string) => string
  /** Runs kubectl like `run`, but returns a refusal instead of throwing it. */
  readonly attempt: (args: readonly string[], input?: string) => { ok: boolean; output: string }
  readonly apply: (...objects: readonly object[]) => void
  readonly applyFile: (path: string) => void
  readonly get: (kind: string, name: string, namespace?: string) => Live | undefined
  readonly list: (kind: string, namespace?: string, selector?: string) => readonly Live[]
  /** Forwards a loopback port to a Service or pod. */
  readonly forward: (target: string, port: number, namespace: string) => Promise<Forward>
}

export interface Forward {
  readonly url: string
  readonly close: () => void
}

const namespaceFlag = (namespace?: string): readonly string[] => (namespace ? ['--namespace', namespace] : [])

/** A kubectl that waits for what never comes would hold the whole process: it is run synchronously. */
const longestMs = 300_000

/** @param base the binary and the flags that say which cluster, such as ['kubectl', '--kubeconfig', PATH] */
export const kubectl = (base: readonly [string, ...string[]]): Kubectl => {
  const [command, ...flags] = base
  const attempt: Kubectl['attempt'] = (args, input) => {
    const options = { input, encoding: 'utf8', maxBuffer: 64 << 20, timeout: longestMs } as const
    const result = spawnSync(command, [...flags, ...args], options)
    if (result.error)
      throw new Error(`kubectl ${args.join(' ')}: ${result.error.message}`, { cause: result.error })
    return { ok: result.status === 0, output: result.status === 0 ? result.stdout : result.stderr.trim() }
  }
  const run: Kubectl['run'] = (args, input) => {
    const { ok, output } = attempt(args, input)
    if (!ok) throw new Error(`kubectl ${args.join(' ')}: ${output}`)
    return output
  }
  const apply: Kubectl['apply'] = (...objects) => {
    const list = { apiVersion: 'v1', kind: 'List', items: objects }
    run(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(list))
  }
  const applyFile = (path: string): void =>
    void run(['apply', '--server-side', '--force-conflicts', '-f', path])
  const get: Kubectl['get'] = (kind, name, namespace) => {
    const text = run(['get', kind, name, ...namespaceFlag(namespace), '--ignore-not-found', '-o', 'json'])
    return text.trim() === '' ? undefined : (JSON.parse(text) as Live)
  }
  const list: Kubectl['list'] = (kind, namespace, selector) => {
    const where = namespace ? namespaceFlag(namespace) : ['--all-namespaces']
    const which = selector ? ['--selector', selector] : []
    return (JSON.parse(run(['get', kind, ...where, ...which, '-o', 'json'])) as { items: readonly Live[] })
      .items
  }
  const forward: Kubectl['forward'] = async (target, port, namespace) => {
    const child = spawn(command, [...flags, 'port-forward', '-n', namespace, target, `:${port}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`kubectl port-forward ${target} ended before it was ready`)))
      child.stdout.on('data', (chunk: Buffer) => {
        const found = /Forwarding from (127\.0\.0\.1:\d+)/.exec(chunk.toString())
        if (found) resolve(`http://${found[1]}`)
      })
    })
    return { url, close: () => void child.kill() }
  }
  return { run, attempt, apply, applyFile, get, list, forward }
}

export interface Patience {
  readonly timeoutMs?: number
  readonly intervalMs?: number
}

/**
 * Asks until the probe answers anything but undefined or false; errors of the probe count as not yet.
 * @throws Error with the description and the probe's last error when the time is over
 */
export const eventually = async <T>(
  description: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs = 120_000, intervalMs = 500 }: Patience = {},
): Promise<T> => {
  const deadline = Date.now() + timeoutMs
  let last: unknown
  for (;;) {
    try {
      const value = await probe()
      if (value !== undefined && value !== false) return value
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) {
      const detail = last instanceof Error ? `: ${last.message}` : ''
      throw new Error(`not after ${timeoutMs / 1000} s: ${description}${detail}`, { cause: last })
    }
    await sleep(intervalMs)
  }
}
