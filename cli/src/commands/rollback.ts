import { plainText } from '@gantry/contract/plain-text.ts'
import { pathOfObject, query } from '@gantry/kube/path.ts'
import { findModel } from '../cluster/find.ts'
import { fieldManager, type Model, ModelDeployment, type ModelVersion } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import { follow } from '../cluster/watching.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/parse.ts'
import { exitCodes, failed } from '../failure.ts'
import { gitOpsName, gitOpsOf } from '../models/gitops.ts'
import { isCurrent, stateOf } from '../models/state.ts'
import { activeOf, findVersion, versionBefore, versionName } from '../models/versions.ts'
import { progressOn } from '../terminal/progress.ts'

/** An import is not needed, so that pods are all that has to start. */
const usualSeconds = 300
const mostSeconds = 86_400

/** Sets spec.model.version, and nothing where the object is another one by now. */
const setVersion = ({ call }: Session, model: Model, version: string): Promise<Model> =>
  call<Model>('patch', ModelDeployment, {
    method: 'PATCH',
    path: pathOfObject(ModelDeployment, model) + query({ fieldManager }),
    contentType: 'application/merge-patch+json',
    body: { metadata: { uid: model.metadata.uid }, spec: { model: { version } } },
  })

const serves = (model: Model, version: string): boolean =>
  isCurrent(model) && model.status?.activeVersion === version && stateOf(model).colour === 'green'

/** @throws Failure where it does not serve in time, or waits for somebody */
const waitUntilServed = async (
  invocation: Invocation,
  session: Session,
  model: Model,
  version: string,
  seconds: number,
) => {
  const { name, namespace = '' } = model.metadata
  const progress = progressOn(invocation.stderr, invocation.elapsed)
  const done = new AbortController()
  let last = model
  let stalled: string | undefined
  let isGone = false
  const look = (live: Model, gone: boolean): void => {
    last = live
    isGone = gone
    const { word, message, colour } = stateOf(live)
    progress.show({ what: `${name}: ${word}` })
    if (isCurrent(live) && colour === 'red') stalled = message
    if (gone || serves(live, version) || stalled !== undefined) done.abort()
  }
  const signal = AbortSignal.any([done.signal, invocation.signal, AbortSignal.timeout(seconds * 1000)])
  const selector = { namespace, fieldSelector: `metadata.name=${name}` }
  await follow(session, ModelDeployment, selector, (object, gone) => look(object as Model, gone), signal)
  progress.clear()
  if (isGone) throw failed(`${name} was deleted.`)
  if (stalled !== undefined) throw failed(stalled, `\`gantry describe ${name}\` says more.`)
  if (!serves(last, version) && !invocation.signal.aborted)
    throw failed(
      `${version} does not serve after ${seconds} s: ${stateOf(last).message}`,
      `\`gantry describe ${name}\` says more.`,
    )
}

const warnOfGitOps = ({ note, noteStyle }: Invocation, model: Model): void => {
  const manager = gitOpsOf(model)
  if (!manager) return
  const when = manager.tool === 'Helm' ? 'its next upgrade may set' : 'its next sync sets'
  note(
    `${noteStyle('yellow', 'warning:')} ${gitOpsName(manager)} manages ${model.metadata.name}: ${when} spec.model.version back. Change it in its repository too.`,
  )
}

/** A version that was held back is held back again while the same limits hold. */
const warnOfFailed = ({ note, noteStyle }: Invocation, version: ModelVersion): void => {
  if (version.phase !== 'Failed') return
  const { optimization, evaluation } = version
  const failed = [optimization, evaluation].find((one) => one?.passed === false)
  const why = failed?.message === undefined ? '' : `: ${plainText(failed.message)}`
  note(
    `${noteStyle('yellow', 'warning:')} ${versionName(version)} was held back${why}. It gets no traffic unless the limits of spec.evaluate and spec.optimize have changed since.`,
  )
}

interface Outcome {
  readonly from: ModelVersion | undefined
  readonly to: ModelVersion
  readonly isSet: boolean
  readonly hasWaited: boolean
}

const sentenceOf = (name: string, { from, to, isSet, hasWaited }: Outcome): string => {
  const whence = from && from.id !== to.id ? ` from ${versionName(from)}` : ''
  if (hasWaited) return `${name} went back${whence} to ${versionName(to)}.`
  return isSet
    ? `${name} already asks for ${versionName(to)}.`
    : `${name} goes back${whence} to ${versionName(to)}.`
}

export const rollback: Command = {
  name: 'rollback',
  summary: 'goes back to a version that is on the volume',
  about:
    'Sets spec.model.version to the id of the version. Nothing is imported again, and the present version serves until the pods of the other one are ready. Without ID, a change that has not come to serve is taken back; otherwise it is the version before the one that serves.',
  arguments: [
    { name: 'NAME', required: true, about: 'a model', completes: 'models' },
    {
      name: 'ID',
      required: false,
      about: 'id or label of a version, as `versions` lists them',
      completes: 'versions',
    },
  ],
  options: {
    wait: { type: 'boolean', about: 'until it serves' },
    timeout: { type: 'string', value: 'SECONDS', about: `longest wait; default ${usualSeconds}` },
  },
  usesCluster: true,
  hasDocument: true,
  examples: [['rollback support --wait', 'goes back one version, and waits until it serves']],
  run: async (invocation) => {
    const { given, print, form, printDocument } = invocation
    const seconds = wholeNumber('timeout', given.text('timeout') ?? String(usualSeconds), 1, mostSeconds)
    const session = await invocation.session()
    const [name = '', id] = given.arguments
    const model = await findModel(session, name)
    const target = id === undefined ? versionBefore(model) : findVersion(model, id)
    const active = activeOf(model)
    warnOfGitOps(invocation, model)
    warnOfFailed(invocation, target)
    const isSet = model.spec.model.version === target.id
    const changed = isSet ? model : await setVersion(session, model, target.id)
    if (given.flag('wait')) await waitUntilServed(invocation, session, changed, target.id, seconds)
    const outcome = { from: active, to: target, isSet, hasWaited: given.flag('wait') }
    if (form)
      await printDocument({
        name,
        namespace: session.namespace,
        from: active?.id,
        to: target.id,
        changed: !isSet,
      })
    else print(sentenceOf(name, outcome))
    return exitCodes.done
  },
}
