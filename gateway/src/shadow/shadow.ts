/**
 * Copies of requests to the canary before it has any share of them, and whether it answers as stable does. A copy is sent
 * when the caller has its answer. It waits in bounded memory, and is dropped where there is none.
 */
import { createCanaryBlocks } from '../balancing/canary-blocks.ts'
import type { Draw, ServedModel } from '../balancing/served-model.ts'
import type { Shadow as Asked } from '../models/model.ts'
import type { Call } from '../proxy/call.ts'
import type { Sink } from '../proxy/sink.ts'
import { isCompared, isTooLarge, type LeftOut } from './asked.ts'
import { type Captured, capturing } from './captured.ts'
import type { Comparer } from './comparer.ts'
import { countResult, type Result } from './counts.ts'
import { type Job, runJob } from './job.ts'
import { createShadowMemory, type Share } from './memory.ts'
import { createQueues } from './queues.ts'

/** What is told of each request that was chosen. */
export interface ShadowRecords {
  readonly shadowed: (served: ServedModel, result: Result) => void
  readonly disagreed: (job: Job, result: Result & { readonly kind: 'disagreed' }) => void
}

export interface Shadow {
  /** The sink that keeps the answer of a call whose copy will be compared; undefined: the call's own. */
  readonly watch: (call: Call, draw: Draw) => Sink | undefined
  /** Counts a call that the shadow would have chosen, and cannot copy. */
  readonly leaveOut: (served: ServedModel, draw: Draw, reason: LeftOut) => void
  readonly close: () => Promise<void>
}

export interface ShadowWorld {
  readonly comparer: Comparer
  readonly records: ShadowRecords
  readonly nowMs: () => number
}

/** Bytes of copies and answers that wait, of all models together. */
const mostBytes = 32 * 2 ** 20

/** Exactly as many of each hundred requests are chosen as the percentage says, in random places. */
const createChoice = (): ((served: ServedModel, asked: Asked) => boolean) => {
  const blocks = new WeakMap<ServedModel, ReturnType<typeof createCanaryBlocks>>()
  return (served, { percent }) => {
    const draw = blocks.get(served) ?? createCanaryBlocks()
    blocks.set(served, draw)
    return draw(percent) === 'canary'
  }
}

/** The shadow of a model while its canary has pods and no share of the requests. */
const shadowOf = ({ model, upstreams }: ServedModel, { cell }: Draw): Asked | undefined => {
  const { canary } = model()
  if (canary?.shadow === undefined || upstreams('canary').length === 0) return undefined
  const isBefore = canary.step === 0 && canary.weight === 0 && cell.weight === 0
  return isBefore && cell.revision === canary.revision ? canary.shadow : undefined
}

export const createShadow = ({ comparer, records, nowMs }: ShadowWorld): Shadow => {
  const share = createShadowMemory(mostBytes)
  const ending = new AbortController()
  const queues = createQueues()
  const isChosen = createChoice()

  const tell = (served: ServedModel, { cell }: Draw, result: Result): void => {
    countResult(cell.shadow, result)
    records.shadowed(served, result)
  }
  const leaveOut = (served: ServedModel, draw: Draw, reason: LeftOut): void => {
    const asked = shadowOf(served, draw)
    if (asked && isChosen(served, asked)) tell(served, draw, { kind: 'not-copied', reason })
  }
  const run = async (job: Job, draw: Draw, held: Share): Promise<void> => {
    const isLate = shadowOf(job.call.served, draw) === undefined
    if (isLate || ending.signal.aborted) return
    // Callers and canaries choose what is read here: nothing of it may end the gateway.
    const result: Result = await runJob(job, {
      ...{ comparer, nowMs, hold: held.hold, signal: ending.signal },
    }).catch(() => ({ kind: 'incomparable', reason: 'comparison-failed' }))
    if (ending.signal.aborted) return
    tell(job.call.served, draw, result)
    if (result.kind === 'disagreed') records.disagreed(job, result)
  }
  const captured = (call: Call, draw: Draw, asked: Asked, held: Share, found: Captured): void => {
    const reason = found.kind === 'left-out' ? found.reason : found.track === 'stable' ? undefined : 'failed'
    const isQueued =
      reason === undefined &&
      found.kind === 'answer' &&
      queues.add(call.served, () =>
        run({ call, stable: found.answer, comparison: asked }, draw, held).finally(held.release),
      )
    if (isQueued) return
    held.release()
    tell(call.served, draw, { kind: 'not-copied', reason: reason ?? 'busy' })
  }
  return {
    watch: (call, draw) => {
      const { served } = call
      const asked = isCompared(call) ? shadowOf(served, draw) : undefined
      if (!asked || !isChosen(served, asked)) return undefined
      if (isTooLarge(call)) {
        tell(served, draw, { kind: 'not-copied', reason: 'request-too-large' })
        return undefined
      }
      const held = share()
      if (!held.hold((call.body as Buffer | undefined)?.length ?? 0)) {
        tell(served, draw, { kind: 'not-copied', reason: 'busy' })
        return undefined
      }
      let isAnswered = false
      call.sink.onClose(() => (isAnswered ? undefined : held.release()))
      return capturing(call.sink, held.hold, (found) => {
        isAnswered = true
        captured(call, draw, asked, held, found)
      })
    },
    leaveOut,
    close: async () => {
      ending.abort()
      await comparer.close()
    },
  }
}
