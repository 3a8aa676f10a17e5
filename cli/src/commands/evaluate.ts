import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import { findEvaluation } from '../cluster/find.ts'
import { type Evaluation, ModelEvaluation } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import { follow } from '../cluster/watching.ts'
import type { Command, Given, Invocation } from '../command-line/command.ts'
import { readManifest } from '../evaluations/manifest.ts'
import { resultLines } from '../evaluations/page.ts'
import { exitCodes, failed, wrongUsage } from '../failure.ts'
import { runServer } from '../inference-server.ts'
import { isCurrent, stateOf } from '../models/state.ts'
import { progressOn, type Step } from '../terminal/progress.ts'

const apply = async (
  session: Session,
  resource: Resource,
  object: KubernetesObject,
): Promise<KubernetesObject> => {
  const namespace = object.metadata.namespace ?? session.namespace
  return session.kube.apply(resource, { ...object, metadata: { ...object.metadata, namespace } })
}

const applied = async (invocation: Invocation, session: Session, file: string): Promise<Evaluation> => {
  const { evaluation, configMaps } = await readManifest(file, invocation.readInput)
  for (const map of configMaps) await apply(session, ConfigMap, map)
  return (await apply(session, ModelEvaluation, evaluation)) as Evaluation
}

/** The step that `2/5` says; its numbers are undefined before the first candidate. */
const stepOf = (evaluation: Evaluation): Step => {
  const { word } = stateOf(evaluation)
  const [done, of] = (evaluation.status?.progress ?? '').split('/').map(Number)
  const what = `${evaluation.metadata.name}: ${word}`
  return done !== undefined && of !== undefined && of > 0 ? { what, done, of } : { what }
}

const isReady = (evaluation: Evaluation): boolean =>
  isCurrent(evaluation) &&
  evaluation.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true

const isStalled = (evaluation: Evaluation): boolean =>
  isCurrent(evaluation) && stateOf(evaluation).colour === 'red'

const waitUntilMeasured = async (invocation: Invocation, session: Session, evaluation: Evaluation) => {
  const { name, namespace = '' } = evaluation.metadata
  const progress = progressOn(invocation.stderr, invocation.elapsed)
  const done = new AbortController()
  let last: Evaluation = evaluation
  let isGone = false
  const look = (object: KubernetesObject, gone: boolean): void => {
    last = object as Evaluation
    isGone = gone
    progress.show(stepOf(last))
    if (gone || isReady(last) || isStalled(last)) done.abort()
  }
  const signal = AbortSignal.any([done.signal, invocation.signal])
  await follow(session, ModelEvaluation, { namespace, fieldSelector: `metadata.name=${name}` }, look, signal)
  progress.clear()
  if (isGone) throw failed(`${name} was deleted.`)
  if (isStalled(last)) throw failed(stateOf(last).message, `\`gantry describe ${name}\` says more.`)
  return last
}

const localArguments = (given: Given, file: string | undefined): readonly string[] => {
  if (file === undefined) throw wrongUsage('--local measures a file: name it with --file.')
  const report = given.text('report')
  const form = given.text('output')
  return [
    'evaluate',
    `--file=${file}`,
    ...(report ? [`--report=${report}`] : []),
    ...(form ? ['-o', form] : []),
  ]
}

const show = async (invocation: Invocation, evaluation: Evaluation): Promise<void> => {
  const { form, print, printDocument, style, now } = invocation
  if (form) return printDocument(evaluation.status ?? {})
  const { name } = evaluation.metadata
  print(stateOf(evaluation).message, '', ...resultLines(evaluation, { style, nowMs: now(), columns: 0 }))
  invocation.note(`\`gantry report ${name}\` prints the whole report.`)
}

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measures the candidates of a ModelEvaluation, and waits for the result',
  about:
    'Applies the file, or waits for an evaluation that is there. With --local nothing is asked of a cluster: the inference server measures on this machine. `-o` prints status of the ModelEvaluation.',
  arguments: [
    {
      name: 'NAME',
      required: false,
      about: 'an evaluation that is there, instead of a file',
      completes: 'evaluations',
    },
  ],
  options: {
    file: {
      type: 'string',
      short: 'f',
      value: 'FILE',
      about: 'a ModelEvaluation, and ConfigMaps beside it; - reads the standard input',
      completes: 'files',
    },
    detach: { type: 'boolean', about: 'do not wait' },
    local: { type: 'boolean', about: 'measure on this machine, without a cluster' },
    report: {
      type: 'string',
      value: 'DIR',
      about: 'with --local: where the reports are written',
      completes: 'files',
    },
  },
  usesCluster: true,
  hasDocument: true,
  examples: [['evaluate --file evaluation.yaml', 'which model is the best, measured in the cluster']],
  run: async (invocation) => {
    const { given, print } = invocation
    const [name] = given.arguments
    const file = given.text('file')
    if (given.flag('local')) return runServer(localArguments(given, file))
    if (given.text('report') !== undefined)
      throw wrongUsage(
        '--report goes with --local; `gantry report NAME --output FILE` writes one from the cluster.',
      )
    if ((name === undefined) === (file === undefined))
      throw wrongUsage('Give --file, or the NAME of an evaluation that is there.')
    const session = await invocation.session()
    const evaluation =
      file === undefined
        ? await findEvaluation(session, name ?? '')
        : await applied(invocation, session, file)
    if (given.flag('detach')) {
      if (invocation.form) await invocation.printDocument(evaluation.status ?? {})
      else
        print(
          `${evaluation.metadata.name} is applied. \`gantry evaluate ${evaluation.metadata.name}\` waits for it.`,
        )
      return exitCodes.done
    }
    const measured = await waitUntilMeasured(invocation, session, evaluation)
    if (!invocation.signal.aborted) await show(invocation, measured)
    return exitCodes.done
  },
}
