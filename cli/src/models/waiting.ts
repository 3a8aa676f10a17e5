/** Waits until a model is as a command has asked for, and shows what it does meanwhile. */
import { type Model, ModelDeployment } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import { follow } from '../cluster/watching.ts'
import type { Invocation } from '../command-line/command.ts'
import { failed } from '../failure.ts'
import { bytes } from '../terminal/figures.ts'
import { progressOn, type Step } from '../terminal/progress.ts'
import { isCurrent, stateOf } from './state.ts'

interface Awaited {
  readonly isReached: (model: Model) => boolean
  /** A sentence without its end, for a model that did not get there: `after 300 s: why` follows. */
  readonly missed: string
  readonly seconds: number
}

/** What an import has read so far, where the status tells. */
interface ImportProgress {
  readonly bytes?: number
  readonly totalBytes?: number
}

const stepOf = (model: Model): Step => {
  const { name } = model.metadata
  const { word } = stateOf(model)
  const status = model.status as { readonly import?: ImportProgress } | undefined
  const { bytes: read, totalBytes } = status?.import ?? {}
  if (read === undefined) return { what: `${name}: ${word}` }
  if (totalBytes === undefined) return { what: `${name}: ${word}, ${bytes(read)}` }
  return {
    what: `% of ${bytes(totalBytes)}, ${name}: ${word}`,
    done: Math.floor((100 * read) / totalBytes),
    of: 100,
  }
}

/** @throws Failure where it does not get there in time, or waits for somebody */
export const waitUntil = async (
  invocation: Invocation,
  session: Session,
  model: Model,
  { isReached, missed, seconds }: Awaited,
): Promise<Model> => {
  const { name, namespace = '' } = model.metadata
  const progress = progressOn(invocation.stderr, invocation.elapsed)
  const done = new AbortController()
  let last = model
  let stalled: string | undefined
  let isGone = false
  const look = (live: Model, gone: boolean): void => {
    last = live
    isGone = gone
    progress.show(stepOf(live))
    const { message, colour } = stateOf(live)
    if (isCurrent(live) && colour === 'red') stalled = message
    if (gone || isReached(live) || stalled !== undefined) done.abort()
  }
  const signal = AbortSignal.any([done.signal, invocation.signal, AbortSignal.timeout(seconds * 1000)])
  const selector = { namespace, fieldSelector: `metadata.name=${name}` }
  await follow(session, ModelDeployment, selector, (object, gone) => look(object as Model, gone), signal)
  progress.clear()
  const next = `\`gantry describe ${name}\` says more.`
  if (isGone) throw failed(`${name} was deleted.`)
  if (stalled !== undefined) throw failed(stalled, next)
  if (!isReached(last) && !invocation.signal.aborted)
    throw failed(`${missed} after ${seconds} s: ${stateOf(last).message}`, next)
  return last
}
