import { isObject } from '@gantry/kube/json-object.ts'
import type { ModelDeployment, ModelDeploymentSpec } from '../modeldeployment/model-deployment.ts'

type Partly<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> | undefined }
    : T

/** Members that are undefined are taken away. */
const merge = (base: unknown, over: unknown): unknown => {
  if (!isObject(base) || !isObject(over)) return over
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) delete merged[name]
    else merged[name] = name in base ? merge(base[name], value) : value
  }
  return merged
}

/** A model of which only task and source were given, as the API server stores it. */
const shortest: ModelDeploymentSpec = {
  model: { task: 'text-classification', source: { uri: 'https://models.example/intents.tar.gz' } },
  serve: {
    device: 'auto',
    batching: { maxRows: 32, maxDelayMs: 0, maxQueue: 256 },
    threads: 1,
    timeoutSeconds: 30,
  },
  storage: { size: '10Gi', accessModes: ['ReadWriteOnce'] },
  versionHistoryLimit: 5,
  suspend: false,
}

/** A valid model, `demo/intents`, in which a test changes what it is about. */
export const modelDeployment = (
  over: { readonly name?: string; readonly spec?: Partly<ModelDeploymentSpec> } = {},
): ModelDeployment => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelDeployment',
  metadata: {
    name: over.name ?? 'intents',
    namespace: 'demo',
    uid: `uid-of-${over.name ?? 'intents'}`,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-11-23T10:00:00Z',
  },
  spec: merge(shortest, over.spec ?? {}) as ModelDeploymentSpec,
})
