/** `promote`, `abort`, `pause` and `resume`: what a user may ask of a canary. */
import { rolloutAnnotation } from '@gantry/contract/rollout.ts'
import { pathOfObject, query } from '@gantry/kube/path.ts'
import { findModel } from '../cluster/find.ts'
import { fieldManager, type Model, ModelDeployment } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import { follow } from '../cluster/watching.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/parse.ts'
import { exitCodes, failed } from '../failure.ts'
import {
  type Action,
  askedOf,
  hasToBeSetAnew,
  outcomeOf,
  versionOf,
  waitsFor,
  wasSeenWithout,
} from '../models/canary.ts'
import { gitOpsName, gitOpsOf } from '../models/gitops.ts'
import { progressOn } from '../terminal/progress.ts'

/** The operator looks at a canary every five seconds. */
const usualSeconds = 60
const mostSeconds = 86_400

/** Sets or removes the annotation, and nothing where the object is another one by now. */
const annotate = ({ call }: Session, model: Model, annotation: string | null): Promise<Model> =>
  call<Model>('patch', ModelDeployment, {
    method: 'PATCH',
    path: pathOfObject(ModelDeployment, model) + query({ fieldManager }),
    contentType: 'application/merge-patch+json',
    body: { metadata: { uid: model.metadata.uid, annotations: { [rolloutAnnotation]: annotation } } },
  })

/** Looks at the model until something is found of it. @throws Failure where it is deleted, or nothing is found in time */
const until = async <Found>(
  invocation: Invocation,
  session: Session,
  model: Model,
  seconds: number,
  find: (live: Model) => Found | undefined,
): Promise<Found> => {
  const { name, namespace = '' } = model.metadata
  const progress = progressOn(invocation.stderr, invocation.elapsed)
  const done = new AbortController()
  const seen: { last: Model; found?: Found | undefined; isGone: boolean } = { last: model, isGone: false }
  const look = (live: Model, isGone: boolean): void => {
    Object.assign(seen, { last: live, isGone, found: isGone ? undefined : find(live) })
    progress.show({ what: `${name}: ${waitsFor(live)}` })
    if (isGone || seen.found !== undefined) done.abort()
  }
  const signal = AbortSignal.any([done.signal, invocation.signal, AbortSignal.timeout(seconds * 1000)])
  const selector = { namespace, fieldSelector: `metadata.name=${name}` }
  await follow(session, ModelDeployment, selector, (object, gone) => look(object as Model, gone), signal)
  progress.clear()
  if (seen.isGone) throw failed(`${name} was deleted.`)
  if (seen.found !== undefined) return seen.found
  throw failed(
    invocation.signal.aborted
      ? 'The annotation is set; what becomes of it was not waited for.'
      : `The annotation is set, and nothing has come of it after ${seconds} s: ${waitsFor(seen.last)}`,
    `\`gantry describe ${name}\` says more. The operator does it as soon as it can.`,
  )
}

/** A tool that has the annotation in its repository sets it back; one that has it not leaves it alone. */
const warnOfGitOps = ({ note, noteStyle }: Invocation, model: Model): void => {
  const manager = gitOpsOf(model)
  if (!manager || askedOf(model) === undefined) return
  note(
    `${noteStyle('yellow', 'warning:')} ${gitOpsName(manager)} manages ${model.metadata.name}: where its repository has the annotation ${rolloutAnnotation}, it sets that back. Change it there too.`,
  )
}

const carryOut = async (invocation: Invocation, action: Action) => {
  const { given, print, form, printDocument } = invocation
  const seconds = wholeNumber('timeout', given.text('timeout') ?? String(usualSeconds), 1, mostSeconds)
  const session = await invocation.session()
  const [name = ''] = given.arguments
  const model = await findModel(session, name)
  const version = versionOf(model, action)
  const annotation = `${action}@${version}`
  warnOfGitOps(invocation, model)
  if (action === 'resume' && hasToBeSetAnew(model, annotation)) {
    await annotate(session, model, null)
    await until(invocation, session, model, seconds, (live) => wasSeenWithout(live, annotation) || undefined)
  }
  const changed = await annotate(session, model, annotation)
  const outcome = await until(invocation, session, changed, seconds, (live) =>
    outcomeOf(live, action, version),
  )
  if (outcome.kind === 'refused') throw failed(outcome.says, `\`gantry describe ${name}\` says more.`)
  if (form)
    await printDocument({ name, namespace: session.namespace, action, version, message: outcome.says })
  else print(outcome.says)
  return exitCodes.done
}

const steering = (action: Action, told: Pick<Command, 'summary' | 'about' | 'examples'>): Command => ({
  name: action,
  ...told,
  arguments: [{ name: 'NAME', required: true, about: 'a model', completes: 'models' }],
  options: {
    timeout: {
      type: 'string',
      value: 'SECONDS',
      about: `how long to wait for the operator; default ${usualSeconds}`,
    },
  },
  usesCluster: true,
  hasDocument: true,
  run: (invocation) => carryOut(invocation, action),
})

export const promote = steering('promote', {
  summary: 'ends a canary: the new version takes the place of the other',
  about:
    'Skips what is left of spec.rollout.steps. It waits until the pods of the canary are ready, and does not overrule a rejection. `abort` takes it back until all pods are replaced.',
})

export const abort = steering('abort', {
  summary: 'takes a canary back: the version before gets all requests',
  about:
    'While the new version takes the place of the other, that one comes back pod by pod. The aborted version is not tried again before spec changes, or `resume`.',
})

export const pause = steering('pause', {
  summary: 'keeps a canary at its share of the requests',
  about: 'The time of its step stands still. What is counted may still reject it.',
})

export const resume = steering('resume', {
  summary: 'goes on with a canary, or tries a version again that was taken back',
})
