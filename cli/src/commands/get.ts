import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { findNamed, isModel } from '../cluster/find.ts'
import { type Evaluation, type Model, ModelDeployment, ModelEvaluation } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import { follow } from '../cluster/watching.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { exitCodes, wrongUsage } from '../failure.ts'
import { evaluationColumns, evaluationRow, modelColumns, modelRow } from '../models/rows.ts'
import { type Row, table } from '../terminal/table.ts'

/** Objects as the API server has them, but for who owns which field. */
const cleaned = (object: KubernetesObject): KubernetesObject => {
  const { managedFields: _, ...metadata } = object.metadata as KubernetesObject['metadata'] & {
    readonly managedFields?: unknown
  }
  return { ...object, metadata }
}

const listOf = (items: readonly KubernetesObject[]) => ({
  apiVersion: 'v1',
  kind: 'List',
  items: items.map(cleaned),
})

interface Listed {
  readonly models: readonly Model[]
  readonly evaluations: readonly Evaluation[]
}

const list = async ({ kube, namespace }: Session, isEverywhere: boolean): Promise<Listed> => {
  const selector = isEverywhere ? {} : { namespace }
  const [models, evaluations] = await Promise.all([
    kube.list<Model>(ModelDeployment, selector),
    kube.list<Evaluation>(ModelEvaluation, selector),
  ])
  return { models, evaluations }
}

const one = async (session: Session, name: string): Promise<Listed> => {
  const named = await findNamed(session, name)
  return isModel(named)
    ? { models: [named.object], evaluations: [] }
    : { models: [], evaluations: [named.object as Evaluation] }
}

const nothing = (session: Session, isEverywhere: boolean): string =>
  isEverywhere
    ? 'There are no models and no evaluations that this account may see.'
    : `There are no models and no evaluations in namespace ${session.namespace}. \`gantry get -A\` looks in all namespaces.`

const show = (invocation: Invocation, { models, evaluations }: Listed, isEverywhere: boolean): void => {
  const now = invocation.now()
  const part = (lines: readonly string[], before: boolean): void =>
    invocation.print(...(before ? [''] : []), ...lines)
  if (models.length > 0)
    part(
      table(
        modelColumns(isEverywhere),
        models.map((model) => modelRow(model, isEverywhere, now)),
        invocation.style,
      ),
      false,
    )
  if (evaluations.length > 0)
    part(
      table(
        evaluationColumns(isEverywhere),
        evaluations.map((evaluation) => evaluationRow(evaluation, isEverywhere, now)),
        invocation.style,
      ),
      models.length > 0,
    )
}

/** A line of a watch: the time, and the row of what changed. */
const changed = (resource: Resource, object: KubernetesObject, isEverywhere: boolean, now: number): Row =>
  resource === ModelDeployment
    ? modelRow(object as Model, isEverywhere, now)
    : evaluationRow(object as Evaluation, isEverywhere, now)

const watch = async (invocation: Invocation, session: Session, isEverywhere: boolean, name?: string) => {
  const shown = new Map<string, string>()
  const tell = (resource: Resource) => (object: KubernetesObject, isGone: boolean) => {
    if (name !== undefined && object.metadata.name !== name) return
    const now = invocation.now()
    const row = changed(resource, object, isEverywhere, now)
    const columns =
      resource === ModelDeployment ? modelColumns(isEverywhere) : evaluationColumns(isEverywhere)
    const [, line = ''] = table(columns, [row.slice(0, -1)], invocation.style)
    const text = isGone ? `${line} deleted` : line
    const key = `${resource.kind} ${object.metadata.namespace}/${object.metadata.name}`
    if (shown.get(key) === text) return
    shown.set(key, text)
    invocation.print(`${new Date(now).toISOString().slice(11, 19)}  ${text}`)
  }
  const selector = isEverywhere ? {} : { namespace: session.namespace }
  await Promise.all(
    [ModelDeployment, ModelEvaluation].map((resource) =>
      follow(session, resource, selector, tell(resource), invocation.signal),
    ),
  )
}

export const get: Command = {
  name: 'get',
  summary: 'lists models and evaluations, or shows one',
  about: '`-o json` and `-o yaml` print the objects as the API server has them: one, or a List.',
  arguments: [
    {
      name: 'NAME',
      required: false,
      about: 'a model or an evaluation; mdl/NAME and mev/NAME tell them apart',
      completes: 'models',
    },
  ],
  options: {
    'all-namespaces': { type: 'boolean', short: 'A', about: 'of all namespaces' },
    watch: { type: 'boolean', short: 'w', about: 'then a line for each change, until Ctrl-C' },
  },
  usesCluster: true,
  hasDocument: true,
  examples: [
    ['get -A', 'everything that is there'],
    ['get support -o yaml', 'one model as YAML'],
  ],
  run: async (invocation) => {
    const { given } = invocation
    const [name] = given.arguments
    const isEverywhere = given.flag('all-namespaces')
    if (name !== undefined && isEverywhere) throw wrongUsage('NAME and --all-namespaces exclude each other.')
    if (given.flag('watch') && invocation.form) throw wrongUsage('--watch and --output exclude each other.')
    const session = await invocation.session()
    if (given.flag('watch')) {
      await watch(invocation, session, isEverywhere, name?.split('/').at(-1))
      return exitCodes.done
    }
    const listed = name === undefined ? await list(session, isEverywhere) : await one(session, name)
    const all = [...listed.models, ...listed.evaluations]
    const [only] = all
    if (invocation.form)
      await invocation.printDocument(name !== undefined && only ? cleaned(only) : listOf(all))
    else if (only) show(invocation, listed, isEverywhere)
    else invocation.note(nothing(session, isEverywhere))
    return exitCodes.done
  },
}
