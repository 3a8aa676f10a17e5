/** The ports that lead to one model each. They open and close as models come and go. */
import type { GatewayPorts } from '@gantry/contract/gateway.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Directory } from '../models/directory.ts'
import { keyOf, type Model } from '../models/model.ts'
import type { Proofs } from '../tls/proofs.ts'
import type { OpenPort } from './open-port.ts'

export interface ModelPortsOptions {
  readonly open: (port: number, key: string) => Promise<OpenPort>
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
}

/** `failed`: it could not be opened, and is tried again. `leaving`: the model's Service leads elsewhere by now. */
export type PortState = 'opening' | 'open' | 'leaving' | 'failed'

export interface ModelPort {
  readonly port: number
  /** NAMESPACE/NAME. */
  readonly key: string
  readonly state: PortState
}

export interface ModelPorts {
  /** Opens and closes ports so that they are those of the models. */
  readonly follow: (models: readonly Model[]) => void
  readonly all: () => readonly ModelPort[]
  /** Takes no more connections by any of them. */
  readonly close: () => Promise<void>
}

/**
 * A port that is no longer wanted answers for this time: nodes learn late where a Service leads. It is longer than a connection may be
 * idle (75 s), so that each one either gets an answer that ends it, or has ended.
 */
const lingerMs = 90_000
const retryMs = 5_000

interface Entry {
  readonly port: number
  readonly key: string
  state: PortState
  opened?: OpenPort
  /** Cancels the next attempt, or the end. */
  cancel?: () => void
}

/** The model of each port. Where two have one port, the model that has it keeps it, since its Service may lead there. */
const wantedPorts = (
  models: readonly Model[],
  held: ReadonlyMap<number, Entry>,
): ReadonlyMap<number, string> => {
  const wanted = new Map<number, string>()
  for (const model of models.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))) {
    const { port } = model
    if (port === undefined) continue
    const isHolder = held.get(port)?.key === keyOf(model)
    if (isHolder || !wanted.has(port)) wanted.set(port, keyOf(model))
  }
  return wanted
}

export const createModelPorts = ({ open, clock, log }: ModelPortsOptions): ModelPorts => {
  const held = new Map<number, Entry>()
  let wanted: ReadonlyMap<number, string> = new Map()
  let isClosed = false

  const drop = (entry: Entry): void => {
    entry.cancel?.()
    held.delete(entry.port)
    entry.opened?.close().then(settle, settle)
  }
  const attempt = async (entry: Entry): Promise<void> => {
    entry.state = 'opening'
    try {
      entry.opened = await open(entry.port, entry.key)
      if (isClosed) return void (await entry.opened.close())
      entry.state = 'open'
      log.debug('a port of a model is open', { port: entry.port, model: entry.key })
    } catch (error) {
      entry.state = 'failed'
      const { code, message } = error as NodeJS.ErrnoException
      log.warn(`port ${entry.port} of ${entry.key} cannot be opened: ${code ?? message}`)
      entry.cancel = clock.after(retryMs, () => void attempt(entry))
    }
    settle()
  }
  const leave = (entry: Entry): void => {
    entry.state = 'leaving'
    entry.opened?.leave()
    entry.cancel = clock.after(lingerMs, () => drop(entry))
  }
  const stay = (entry: Entry): void => {
    entry.cancel?.()
    entry.opened?.stay()
    entry.state = 'open'
  }
  const follow = (entry: Entry): void => {
    if (wanted.get(entry.port) === entry.key) {
      if (entry.state === 'leaving') stay(entry)
    } else if (entry.state === 'open') leave(entry)
    else if (entry.state === 'failed') drop(entry)
  }
  /** Brings the ports nearer to those that are wanted. */
  function settle(): void {
    if (isClosed) return
    for (const entry of [...held.values()]) follow(entry)
    for (const [port, key] of wanted) {
      if (held.has(port)) continue
      const entry: Entry = { port, key, state: 'opening' }
      held.set(port, entry)
      void attempt(entry)
    }
  }
  return {
    follow: (models) => {
      wanted = wantedPorts(models, held)
      settle()
    },
    all: () => [...held.values()].map(({ port, key, state }) => ({ port, key, state })),
    close: async () => {
      isClosed = true
      for (const { cancel } of held.values()) cancel?.()
      await Promise.all([...held.values()].map(({ opened }) => opened?.close()))
    },
  }
}

/** A directory whose models have their ports open, and the certificates of their endpoints looked at. */
export const withPorts = (
  directory: Directory,
  ports: ModelPorts,
  proofs: Pick<Proofs, 'follow'>,
): Directory => ({
  ...directory,
  apply: (models) => {
    directory.apply(models)
    proofs.follow()
    ports.follow(models)
  },
})

/** The answer to GET /ports. @param endpointsOf how many endpoints of a model requests can be sent to */
export const portsAnswer = (
  ports: readonly ModelPort[],
  instance: string,
  endpointsOf: (key: string) => number,
): GatewayPorts => ({
  instance,
  ports: ports
    .filter(({ state }) => state === 'open')
    .map(({ port, key }) => ({ port, model: key, endpoints: endpointsOf(key) })),
})
