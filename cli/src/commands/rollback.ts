import { plainText } from '@gantry/contract/plain-text.ts'
import { pathOfObject, query } from '@gantry/kube/path.ts'
import { findModel } from '../cluster/find.ts'
import { fieldManager, type Model, ModelDeployment, type ModelVersion } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/parse.ts'
import { exitCodes } from '../failure.ts'
import { warnOfGitOps } from '../models/gitops-warning.ts'
import { isCurrent, stateOf } from '../models/state.ts'
import { activeOf, findVersion, versionBefore, versionName } from '../models/versions.ts'
import { waitUntil } from '../models/waiting.ts'

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
    warnOfGitOps(invocation, model, 'spec.model.version')
    warnOfFailed(invocation, target)
    const isSet = model.spec.model.version === target.id
    const changed = isSet ? model : await setVersion(session, model, target.id)
    if (given.flag('wait'))
      await waitUntil(invocation, session, changed, {
        isReached: (live) => serves(live, target.id),
        missed: `${target.id} does not serve`,
        seconds,
      })
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
