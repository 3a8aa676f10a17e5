/** Lines about copies that were answered otherwise, with no more of a request than its model's request log would show. */
import { plainText } from '@gantry/contract/plain-text.ts'
import type { ServedModel } from '../balancing/served-model.ts'
import type { Result } from './counts.ts'
import type { Job } from './job.ts'

export type Disagreed = Result & { readonly kind: 'disagreed' }

/** Examples of one model in a minute. Their number is in the metrics. */
const mostExamples = 10
const minuteMs = 60_000
/** Characters of each content. */
const mostContent = 2000

const shown = (content: Uint8Array | undefined, jsonBytes: number | undefined): string | undefined =>
  content && plainText(Buffer.from(content).toString('utf8', 0, jsonBytes), mostContent)

/** The gateway has no keys, so that it can neither hash nor encrypt; the lines of the pods can, and have the same trace. */
const withoutContents = 'see the lines of the pods with this trace: their keys are not in the gateway'

const contentsOf = (
  { call, stable, comparison }: Pick<Job, 'call' | 'stable' | 'comparison'>,
  { output, canary }: Disagreed,
): object => {
  switch (comparison.logMode) {
    case 'full':
      return {
        output,
        request: shown(call.body as Buffer | undefined, undefined),
        stable: shown(stable.body, stable.jsonBytes),
        canary: canary && shown(canary.body, canary.jsonBytes),
      }
    case 'hashed':
    case 'encrypted':
      return { contents: withoutContents }
    default:
      return {}
  }
}

/** @returns the members of the line; undefined where the model's request log has no lines */
export const exampleOf = (job: Job, result: Disagreed): object | undefined => {
  const { call, comparison } = job
  if (comparison.logMode === 'off') return undefined
  return {
    message: 'shadow disagreement',
    ...{ model: call.served.key, path: call.path.split('?', 1)[0], traceId: call.trace.slice(3, 35) },
    ...{ compare: comparison.compare, reason: result.reason, canaryStatus: result.canary?.status },
    ...contentsOf(job, result),
  }
}

/** @returns whether one more example of the model may be written now */
export const createExampleRate = (nowMs: () => number): ((served: ServedModel) => boolean) => {
  const minutes = new WeakMap<ServedModel, { sinceMs: number; written: number }>()
  return (served) => {
    const now = nowMs()
    const known = minutes.get(served)
    const minute = known && now - known.sinceMs < minuteMs ? known : { sinceMs: now, written: 0 }
    minutes.set(served, minute)
    minute.written += 1
    return minute.written <= mostExamples
  }
}
