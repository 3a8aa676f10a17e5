/** Objects by their names, and what could have been meant where there is none. */
import { quoted } from '@gantry/contract/plain-text.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { suggestion } from '../command-line/suggestions.ts'
import { notFound, wrongUsage } from '../failure.ts'
import { type Evaluation, type Model, ModelDeployment, ModelEvaluation } from './resources.ts'
import type { Session } from './session.ts'

const namesOf = (objects: readonly KubernetesObject[]): readonly string[] =>
  objects.map(({ metadata }) => metadata.name)

const nameless = (error: unknown): readonly KubernetesObject[] => {
  if (error instanceof ApiError && error.code === 403) return []
  throw error
}

/** Namespaces that have an object of this name; none where this account may not look. */
const elsewhere = async ({ kube }: Session, resource: Resource, name: string): Promise<readonly string[]> => {
  const fieldSelector = `metadata.name=${name}`
  const found = await kube.list(resource, { fieldSelector, most: 10 }).catch(nameless)
  return found.map(({ metadata }) => metadata.namespace ?? '')
}

const adviceFor = async (session: Session, resource: Resource, name: string): Promise<string | undefined> => {
  const namespaces = await elsewhere(session, resource, name)
  const [namespace] = namespaces
  if (namespace) return `There is one in namespace ${namespaces.join(', ')}: -n ${namespace}.`
  const here = await session.kube.list(resource, { namespace: session.namespace }).catch(nameless)
  return suggestion(name, namesOf(here)) ?? 'List all of them with `gantry get -A`.'
}

/** @throws Failure of exit code 3, with names that could have been meant */
const find = async <T extends KubernetesObject>(
  session: Session,
  resource: Resource,
  name: string,
): Promise<T> => {
  const object = await session.kube.get<T>(resource, session.namespace, name)
  if (object) return object
  const next = await adviceFor(session, resource, name)
  throw notFound(`There is no ${resource.kind} ${quoted(name)} in namespace ${session.namespace}.`, next)
}

export const findModel = (session: Session, name: string): Promise<Model> =>
  find<Model>(session, ModelDeployment, name)

export const findEvaluation = (session: Session, name: string): Promise<Evaluation> =>
  find<Evaluation>(session, ModelEvaluation, name)

/** Names of the kinds before a `/`, as kubectl takes them. */
const kindNames: Readonly<Record<string, Resource>> = {
  mdl: ModelDeployment,
  model: ModelDeployment,
  modeldeployment: ModelDeployment,
  modeldeployments: ModelDeployment,
  mev: ModelEvaluation,
  evaluation: ModelEvaluation,
  modelevaluation: ModelEvaluation,
  modelevaluations: ModelEvaluation,
}

export interface Named {
  readonly resource: Resource
  readonly object: KubernetesObject
}

const lookUp = async (session: Session, resource: Resource, name: string): Promise<Named | undefined> => {
  const object = await session.kube.get<KubernetesObject>(resource, session.namespace, name)
  return object && { resource, object }
}

/** A model or an evaluation: `NAME`, which is the model where both exist, or `mdl/NAME`, `mev/NAME`. */
export const findNamed = async (session: Session, given: string): Promise<Named> => {
  const [prefix = '', name, ...more] = given.split('/')
  if (name === '' || more.length > 0)
    throw wrongUsage(`${quoted(given)} is no name of an object: KIND/NAME has one name, such as mdl/NAME.`)
  if (name !== undefined) {
    const resource = kindNames[prefix.toLowerCase()]
    if (!resource) throw notFound(`${quoted(prefix)} is no kind of Gantry.`, 'Use mdl/NAME or mev/NAME.')
    return { resource, object: await find(session, resource, name) }
  }
  const found =
    (await lookUp(session, ModelDeployment, given)) ?? (await lookUp(session, ModelEvaluation, given))
  return found ?? { resource: ModelDeployment, object: await findModel(session, given) }
}

export const isModel = (named: Named): named is Named & { readonly object: Model } =>
  named.resource === ModelDeployment
