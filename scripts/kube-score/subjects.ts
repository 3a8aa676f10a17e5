/** What is scored: the chart with its default values and with everything on, and the objects that the operator makes for models. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { labels } from '../../contract/labels.ts'
import { loadConfig } from '../../operator/src/config.ts'
import { evaluateJob } from '../../operator/src/evaluating/job.ts'
import { desired } from '../../operator/src/modeldeployment/desired/index.ts'
import { settingsOf } from '../../operator/src/modeldeployment/desired/settings.ts'
import type { ModelDeployment, Version } from '../../operator/src/modeldeployment/model-deployment.ts'
import { replicasBySpec } from '../../operator/src/modeldeployment/replicas.ts'
import type { ModelEvaluation } from '../../operator/src/modelevaluation/model-evaluation.ts'
import { lastingObjects } from '../../operator/src/modelevaluation/objects.ts'
import { candidateRun } from '../../operator/src/modelevaluation/run.ts'
import { toolPath } from '../tools.ts'

const root = join(import.meta.dirname, '../..')
const monitoring = 'monitoring.coreos.com/v1'

const render = (...values: readonly string[]): string =>
  execFileSync(
    toolPath('helm'),
    ['template', 'gantry', join(root, 'helm/gantry'), '--namespace', 'gantry-system', ...values],
    { encoding: 'utf8' },
  )

const chart = (): string => render()

const chartWithEverything = (): string =>
  render(
    ...['ServiceMonitor', 'PodMonitor'].flatMap((kind) => ['--api-versions', `${monitoring}/${kind}`]),
    ...['--values', join(import.meta.dirname, 'everything-values.yaml')],
  )

interface Rendered {
  readonly kind?: string
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } } }
}
interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[]
}

/** The configuration of the operator that a chart installs. */
const configOf = (rendered: string) => {
  const objects = loadAll(rendered) as readonly (Rendered | null)[]
  const operator = objects.find(
    (object) => object?.kind === 'Deployment' && object.metadata?.labels?.[labels.component] === 'operator',
  )
  const variables = operator?.spec?.template?.spec?.containers?.[0]?.env ?? []
  const env = Object.fromEntries(variables.map(({ name, value = 'gantry-system' }) => [name, value]))
  return loadConfig(env, 'kube-score').reconcile
}

const version: Version = {
  ...{ id: 'v_20261123_101500', revision: '0123456789abcdef', source: 'https://models.example.com' },
  ...{ digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 100 * 2 ** 20 },
  ...{ createdAt: '2026-11-23T10:15:00Z', phase: 'Imported' },
}

/** A model as it is once its ModelEvaluation has a winner: the operator then imports from the source of that candidate. */
const withSource = ({ spec, ...rest }: ModelDeployment): ModelDeployment => {
  const { evaluationRef } = spec.model.source
  const source = evaluationRef ? { uri: 'https://models.example.com/model.onnx' } : spec.model.source
  return { ...rest, spec: { ...spec, model: { ...spec.model, source } } }
}

/** Everything that a model has while a version serves and another one is imported. */
const objectsOf = (sample: ModelDeployment, rendered: string): readonly object[] => {
  const metadata = { ...sample.metadata, namespace: 'models', uid: '00000000-0000-4000-8000-000000000000' }
  const model = withSource({ ...sample, metadata })
  const { evaluate, optimize } = sample.spec
  const candidate = { version, task: sample.spec.model.task }
  return desired(model, configOf(rendered), {
    imports: { attempt: 0, keep: [version.id] },
    optimizes: optimize && {
      ...{ attempt: 0, keep: [version.id] },
      optimization: { parent: version, revision: version.revision },
    },
    evaluates: evaluate && {
      attempt: 0,
      question: {
        evaluate,
        candidate,
        compared: candidate,
        parent: undefined,
        part: undefined,
        measurement: '',
      },
    },
    serves: { version, settings: settingsOf(model, version), replicas: replicasBySpec(model) },
  })
}

const modelsIn = (file: string): readonly ModelDeployment[] =>
  (loadAll(readFileSync(file, 'utf8')) as readonly (ModelDeployment | null)[]).filter(
    (object): object is ModelDeployment => object?.kind === 'ModelDeployment',
  )

/** Everything that an evaluation has while a candidate is measured. */
const evaluationObjectsOf = (sample: ModelEvaluation, rendered: string): readonly object[] => {
  const metadata = { ...sample.metadata, namespace: 'models', uid: '00000000-0000-4000-8000-000000000000' }
  const evaluation = { ...sample, metadata }
  const config = configOf(rendered)
  const [candidate] = evaluation.spec.candidates
  const runs = candidate ? [candidateRun(evaluation, candidate, config).run] : []
  return [
    ...lastingObjects(evaluation, config),
    ...runs.map((run) => evaluateJob(run, config, { attempt: 0, node: 'node-1' })),
  ]
}

const evaluationsIn = (file: string): readonly ModelEvaluation[] =>
  (loadAll(readFileSync(file, 'utf8')) as readonly (ModelEvaluation | null)[]).filter(
    (object): object is ModelEvaluation => object?.kind === 'ModelEvaluation',
  )

const samples = join(root, 'manifests/samples')

/** One text of YAML each: kube-score looks for the Services, budgets and policies of a pod among the objects beside it. */
export const subjects = (): ReadonlyMap<string, string> => {
  const [defaults, everything] = [chart(), chartWithEverything()]
  const models = [
    ...readdirSync(samples).map((file) => [`manifests/samples/${file}`, join(samples, file), defaults]),
    ['a model with everything', join(import.meta.dirname, 'everything-model.yaml'), everything],
  ] as const
  return new Map([
    ['the chart', defaults],
    ['the chart with everything', everything],
    ...models
      .map(([name = '', file = '', rendered = '']): [string, string] => [
        name,
        [
          ...modelsIn(file).flatMap((model) => objectsOf(model, rendered)),
          ...evaluationsIn(file).flatMap((evaluation) => evaluationObjectsOf(evaluation, rendered)),
        ]
          .map((object) => JSON.stringify(object))
          .join('\n---\n'),
      ])
      .filter(([, text]) => text !== ''), // a price sheet has no pods
  ])
}
