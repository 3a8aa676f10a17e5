/** The file that `evaluate` applies. */
import { readFile } from 'node:fs/promises'
import { isObject } from '@gantry/kube/json-object.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import { ModelEvaluation } from '../cluster/resources.ts'
import { wrongUsage } from '../failure.ts'

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

const objectOf = (file: string, document: unknown): KubernetesObject => {
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
  const text =
    file === '-'
      ? await readInput()
      : await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
          throw wrongUsage(
            `${file} cannot be read: ${error.code === 'ENOENT' ? 'it does not exist' : error.message}.`,
          )
        })
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
