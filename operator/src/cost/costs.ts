/**
 * Measures what models cost, once in an interval: reads the price sheet, the nodes, and the counters of the pods. It runs beside the
 * passes over models, and asks for a pass where a cost has changed enough.
 */
import type { Cache } from '@gantry/kube/cache.ts'
import { type Clock, sleep } from '@gantry/kube/clock.ts'
import { explain } from '@gantry/kube/errors.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import type { PodAddress } from '../runtime/pod-http.ts'
import type { Counters } from './counters.ts'
import { ratesOf } from './measured.ts'
import { type Book, measured, newBook, type Round, unpriced } from './model-book.ts'
import { type FoundNode, nodeReader } from './nodes.ts'
import { priceSheet } from './sheet.ts'
import type { CostedModel, Costs, Sheet } from './world.ts'

/** What the chart says of costs. */
export interface CostConfig {
  /** Name of the ConfigMap with the price sheet, in the operator's namespace. */
  readonly configMap: string
  /** Time between two measurements. */
  readonly intervalSeconds: number
}

export interface CostOptions {
  readonly kube: Pick<Kube, 'get'>
  readonly clock: Clock
  readonly log: Log
  readonly namespace: string
  readonly config: CostConfig
  /** The models that this release manages, with their pods. */
  readonly models: (cache: Cache) => readonly CostedModel[]
  readonly counters: (pod: PodAddress, signal: AbortSignal) => Promise<Counters | undefined>
}

/** A model and what was measured of it last. */
export interface Measured {
  readonly model: CostedModel
  readonly book: Book
}

export interface Measuring extends Costs {
  /** Measures until the signal fires. @param wake asks for a pass over a model */
  readonly run: (cache: Cache, signal: AbortSignal, wake: (key: string) => void) => Promise<void>
  /** One measurement of all models. */
  readonly measure: (cache: Cache, signal: AbortSignal, wake: (key: string) => void) => Promise<void>
  /** The last measurement; empty while no sheet is there. */
  readonly measured: () => readonly Measured[]
}

/** Pods asked, and nodes read, at the same time. A pod that never answers takes two seconds. */
const atOnce = 8

/** Runs `work` on each, a few at a time. */
const each = async <T>(all: Iterable<T>, work: (one: T) => Promise<void>): Promise<void> => {
  const rest = all[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

const askAll = async (
  models: readonly CostedModel[],
  ask: (pod: PodAddress) => Promise<Counters | undefined>,
): Promise<ReadonlyMap<string, Counters>> => {
  const answers = new Map<string, Counters>()
  await each(
    models.flatMap(({ pods }) => pods),
    async ({ uid, address }) => {
      const answer = address && (await ask(address))
      if (answer) answers.set(uid, answer)
    },
  )
  return answers
}

const readAll = async (
  models: readonly CostedModel[],
  read: (name: string) => Promise<FoundNode>,
): Promise<ReadonlyMap<string, FoundNode>> => {
  const nodes = new Map<string, FoundNode>()
  const names = new Set(models.flatMap(({ pods }) => pods.map(({ nodeName }) => nodeName)))
  await each(names, async (name) => void nodes.set(name, await read(name)))
  return nodes
}

export const createCosts = (options: CostOptions): Measuring => {
  const { kube, clock, log, namespace, config } = options
  const { sheet, read } = priceSheet({ kube, log, namespace, name: config.configMap })
  const readNode = nodeReader({ kube, clock, log })
  let books = new Map<string, Book>()
  let last: readonly Measured[] = []

  const pageOf = (model: CostedModel, nodes: ReadonlyMap<string, FoundNode>, round: Round): Book => {
    const before = books.get(model.key)
    const book = before?.uid === model.uid ? before : newBook(model.uid, round.at)
    const rates = ratesOf(round.prices, model, nodes)
    return 'unknown' in rates ? unpriced(book, rates, round.at) : measured(book, model, rates, round)
  }

  const measureBy = async (
    { prices }: Extract<Sheet, { kind: 'known' }>,
    isNewSheet: boolean,
    models: readonly CostedModel[],
    signal: AbortSignal,
  ): Promise<readonly Measured[]> => {
    const [nodes, answers] = await Promise.all([
      readAll(models, readNode),
      askAll(models, (pod) => options.counters(pod, signal)),
    ])
    const round: Round = { at: clock.elapsed(), prices, isNewSheet, answers }
    return models.map((model) => ({ model, book: pageOf(model, nodes, round) }))
  }

  const measure: Measuring['measure'] = async (cache, signal, wake) => {
    const isNewSheet = await read()
    const models = options.models(cache)
    const now = sheet()
    last = now.kind === 'known' ? await measureBy(now, isNewSheet, models, signal) : []
    const before = books
    books = new Map(last.map(({ model, book }) => [model.key, book]))
    for (const { key } of models) if (isNewSheet || before.get(key)?.told !== books.get(key)?.told) wake(key)
  }

  return {
    sheet,
    node: async (name) => {
      const found = await readNode(name)
      return found === 'gone' ? { unknown: `there is no node ${name}` } : found
    },
    of: (key) => {
      const now = sheet()
      return now.kind === 'known' ? (books.get(key)?.told ?? { kind: 'pending' }) : now
    },
    measured: () => last,
    measure,
    run: async (cache, signal, wake) => {
      while (!signal.aborted) {
        await measure(cache, signal, wake).catch((error: unknown) => {
          if (!signal.aborted)
            log.warn('costs could not be measured', { reason: 'CostUnknown', error: explain(error) })
        })
        await sleep(clock, config.intervalSeconds * 1000, signal)
      }
    },
  }
}
