/** The file that `evaluate` applies. */
import { isObject } from '@gantry/kube/json-object.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import { ModelEvaluation } from '../cluster/resources.ts'
import { wrongUsage } from '../failure.ts'
import { readGiven } from '../given-files.ts'

export interface Manifest {
  readonly evaluation: KubernetesObject
  /** Data sets and price sheets beside it. */
  readonly configMaps: readonly KubernetesObject[]
}

const documentsOf = async (file: string, text: string): Promise<readonly unknown[]> => {
  const { loadAll } = await import('js-yaml')
  try {
    return loadAll(text).filter((document) => document !== null && document !== undefined)
  } catch (error) {
    throw wrongUsage(`${file} is no YAML: ${(error as Error).message.split('\n')[0]}.`)
  }
}

/** The API server takes requests of 3 MiB (--max-request-bytes of etcd is half of that). */
const mostCharacters = 3 * 2 ** 20

/** Characters of a document with all its aliases unfolded; the walk ends when there are too many. */
const isTooLarge = (document: unknown): boolean => {
  let left = mostCharacters
  const walk = (value: unknown): void => {
    left -= typeof value === 'string' ? value.length + 1 : 1
    if (left < 0 || typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      left -= key.length
      walk(child)
      if (left < 0) return
    }
  }
  walk(document)
  return left < 0
}

const objectOf = (file: string, document: unknown): KubernetesObject => {
  if (isTooLarge(document)) throw wrongUsage(`${file} is larger than what an API server takes (3 MiB).`)
  if (
    isObject(document) &&
    isObject(document['metadata']) &&
    typeof document['metadata']['name'] === 'string'
  )
    return document as unknown as KubernetesObject
  throw wrongUsage(`${file} has a document that is no object of Kubernetes: it needs kind and metadata.name.`)
}

/** @throws Failure of exit code 2 */
export const readManifest = async (file: string, readInput: () => Promise<string>): Promise<Manifest> => {
  const text = file === '-' ? await readInput() : (await readGiven(file)).toString()
  const objects = (await documentsOf(file, text)).map((document) => objectOf(file, document))
  const evaluations = objects.filter(({ kind }) => kind === ModelEvaluation.kind)
  const configMaps = objects.filter(({ kind }) => kind === ConfigMap.kind)
  const other = objects.find(({ kind }) => kind !== ModelEvaluation.kind && kind !== ConfigMap.kind)
  if (other)
    throw wrongUsage(`${file} has a ${other.kind}; evaluate applies one ModelEvaluation, and ConfigMaps.`)
  const [evaluation] = evaluations
  if (!evaluation || evaluations.length > 1)
    throw wrongUsage(`${file} has ${evaluations.length} ModelEvaluations; evaluate applies one.`)
  return { evaluation, configMaps }
}
