/** `gantry import`: a model of a cluster gets a source, and its progress is shown; with options of the inference server it is that one's command. */
import { apiVersion } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { pathOfObject, query } from '@gantry/kube/path.ts'
import { findModel } from '../cluster/find.ts'
import { fieldManager, type Model, ModelDeployment } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/parse.ts'
import { exitCodes, wrongUsage } from '../failure.ts'
import { runServer } from '../inference-server.ts'
import { warnOfGitOps } from '../models/gitops-warning.ts'
import { type AskedImport, modelPatch, newModel } from '../models/new-source.ts'
import { isCurrent, stateOf } from '../models/state.ts'
import { waitUntil } from '../models/waiting.ts'

/** An import Job may take six hours. */
const usualSeconds = 21_600
const mostSeconds = 86_400

/** Options by which the inference server's own importer is meant. */
export const isLocalImport = (args: readonly string[]): boolean =>
  args.some((arg) => /^--(source|commit)(=|$)/.test(arg))

const askedOf = ({ given }: Invocation): AskedImport => {
  const [name = '', uri] = given.arguments
  const [label, task, file] = [given.text('label'), given.text('task'), given.text('file')]
  if (uri !== undefined && !/^[a-z0-9]+:\/\//.test(uri))
    throw wrongUsage(
      `${uri} is no address that the cluster can reach.`,
      'Put the model where it can: https://, s3://, hf://, oci://, or pvc://CLAIM/PATH. `gantry import --source PATH` imports into a folder of this machine.',
    )
  if (uri === undefined && label === undefined)
    throw wrongUsage(
      'Give a SOURCE, or --label with a new name, by which the present source is imported again.',
      `\`gantry describe ${name}\` shows the present source.`,
    )
  return { uri, label, task, file, sha256: given.text('sha256'), secret: given.text('secret') }
}

const create = (session: Session, name: string, asked: AskedImport): Promise<Model> =>
  session.kube.create<Model>(ModelDeployment, {
    ...{ apiVersion, kind: ModelDeployment.kind },
    metadata: { name, namespace: session.namespace },
    spec: { model: newModel(asked) },
  } as KubernetesObject)

const change = ({ call }: Session, model: Model, asked: AskedImport): Promise<Model> =>
  call<Model>('patch', ModelDeployment, {
    method: 'PATCH',
    path: pathOfObject(ModelDeployment, model) + query({ fieldManager }),
    contentType: 'application/merge-patch+json',
    body: { metadata: { uid: model.metadata.uid }, spec: { model: modelPatch(model, asked) } },
  })

/** A model that does not exist is made where --task says what it does. */
const setSource = async (invocation: Invocation, session: Session, name: string): Promise<Model> => {
  const asked = askedOf(invocation)
  const isNew = asked.task !== undefined && asked.uri !== undefined
  const there = isNew
    ? await session.kube.get<Model>(ModelDeployment, session.namespace, name)
    : await findModel(session, name)
  if (!there) return create(session, name, asked)
  warnOfGitOps(invocation, there, 'spec.model')
  return change(session, there, asked)
}

const isServed = (model: Model): boolean => isCurrent(model) && stateOf(model).colour === 'green'

const importOnCluster = async (invocation: Invocation) => {
  const { given, print, form, printDocument } = invocation
  const [name = ''] = given.arguments
  const seconds = wholeNumber('timeout', given.text('timeout') ?? String(usualSeconds), 1, mostSeconds)
  const session = await invocation.session()
  const set = await setSource(invocation, session, name)
  const waits = !given.flag('no-wait')
  const missed = `${name} does not serve what was asked for`
  const model = waits
    ? await waitUntil(invocation, session, set, { isReached: isServed, missed, seconds })
    : set
  const isReached = waits && isServed(model)
  const version = isReached ? model.status?.activeVersion : undefined
  if (form) await printDocument({ name, namespace: session.namespace, version, served: isReached })
  else
    print(
      isReached
        ? `${name} serves ${version}.`
        : `${name} is asked to import it; \`gantry describe ${name}\` shows how it goes.`,
    )
  return exitCodes.done
}

export const importModel: Command = {
  name: 'import',
  summary: 'gives a model of the cluster a source, and waits until it serves',
  about:
    'Sets spec.model.source, and creates the model where there is none and --task is given. The operator imports the source; what serves goes on serving until the new version is ready. A source that is on the volume already is not imported again.\nWith --source or --commit it is the command of the inference server, which imports into a folder of this machine:\n  import --source ./model --models ./models  without a cluster',
  arguments: [
    { name: 'NAME', required: true, about: 'a model', completes: 'models' },
    {
      name: 'SOURCE',
      required: false,
      about:
        'its address, as spec.model.source.uri takes it; without it the present one is imported again under --label',
    },
  ],
  options: {
    label: { type: 'string', value: 'LABEL', about: 'your name for the version (spec.model.version)' },
    task: { type: 'string', value: 'TASK', about: 'what the server does around the model; for a new model' },
    file: { type: 'string', value: 'PATH', about: 'the graph of a folder or archive' },
    sha256: { type: 'string', value: 'HEX', about: 'digest that the one file must have' },
    secret: { type: 'string', value: 'NAME', about: 'a Secret with credentials of the source' },
    'no-wait': { type: 'boolean', about: 'ends when the source is set' },
    timeout: { type: 'string', value: 'SECONDS', about: `longest wait; default ${usualSeconds}` },
  },
  usesCluster: true,
  hasDocument: true,
  passesOn: isLocalImport,
  examples: [
    ['import support https://models.example.com/support-2.tar --label 2026-12', 'a new version'],
    ['import support --label again', 'the present source once more, as a version of its own'],
    ['import iris https://models.example.com/iris.onnx --task tensor', 'a new model'],
  ],
  run: (invocation) => {
    const { given } = invocation
    return isLocalImport(given.arguments)
      ? runServer(['import', ...given.arguments])
      : importOnCluster(invocation)
  },
}
