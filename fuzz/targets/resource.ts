/** ModelDeployments: the API server refuses one, or the operator comes to rest with it and writes a status that the API server takes. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { ApiError } from '../../kube/errors.ts'
import { isObject } from '../../kube/json-object.ts'
import { startApiServer } from '../../local-cluster/api-server.ts'
import type { ModelDeployment } from '../../operator/src/modeldeployment/model-deployment.ts'
import { ModelDeployment as modelDeployments } from '../../operator/src/modeldeployment/resources.ts'
import { testApi, testNamespace } from '../../operator/src/testing/api-server.ts'
import { testCluster } from '../../operator/src/testing/cluster.ts'
import { type Schema, schemaValue } from '../schema-value.ts'
import type { Target } from '../target.ts'

const crd = join(import.meta.dirname, '../../crds/modeldeployments.yaml')

const specSchema = (): Schema => {
  const { spec } = load(readFileSync(crd, 'utf8')) as {
    readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] }
  }
  return spec.versions[0]?.schema.openAPIV3Schema.properties?.['spec'] ?? {}
}

/** The API server that tests run against, or one of its own. */
const apiServer = async (): Promise<{ readonly kubeconfig: string; readonly stop: () => Promise<void> }> => {
  const given = process.env['TEST_KUBECONFIG']
  if (given) return { kubeconfig: given, stop: async () => {} }
  const server = await startApiServer()
  const { kube } = await testApi(server.kubeconfig)
  const definitions = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
  }
  await kube.create(definitions, load(readFileSync(crd, 'utf8')) as never)
  return server
}

/** Takes out what contradicts itself most often, since the schema says nothing of it. */
const repair = (spec: unknown): void => {
  const model = isObject(spec) ? spec['model'] : undefined
  if (!isObject(model) || !isObject(model['source'])) return
  const { configMapRef: _, ...source } = model['source']
  const responses = model['task'] === 'text-classification' && { responses: model['responses'] }
  Object.assign(model, { responses: undefined, labels: undefined, ...responses })
  model['source'] = { uri: 'https://models.example/m.onnx', ...source }
}

/** The simulation starts pods one after the other, so a thousand of them would be most of its work. */
const fewReplicas = (model: ModelDeployment): ModelDeployment => {
  const { replicas } = model.spec
  return replicas === undefined
    ? model
    : { ...model, spec: { ...model.spec, replicas: Math.min(replicas, 3) } }
}

const said = (model: ModelDeployment): readonly string[] =>
  (model.status?.conditions ?? []).map(({ message }) => message ?? '')

export const resources: Target = {
  name: 'resource',
  rounds: 1000,
  reaches: ['refused', 'settled'],
  open: async () => {
    const server = await apiServer()
    const api = await testApi(server.kubeconfig)
    const namespace = await testNamespace(api, 'fuzz')
    const schema = specSchema()
    let count = 0
    const create = (spec: unknown): Promise<ModelDeployment> => {
      const metadata = { name: `m${count++}`, namespace }
      return api.kube.create<ModelDeployment>(modelDeployments, {
        ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment', metadata, spec },
      })
    }
    return {
      make: (random) => {
        const spec = schemaValue(schema, random, 'spec')
        if (random() < 0.85) repair(spec)
        return Buffer.from(JSON.stringify(spec))
      },
      check: async (input) => {
        let model: ModelDeployment
        try {
          model = await create(JSON.parse(input.toString()))
        } catch (error) {
          if (error instanceof ApiError && error.code >= 400 && error.code < 500) return 'refused'
          throw error
        }
        const { name } = model.metadata
        const cluster = testCluster({ model: fewReplicas(model) })
        const { kind } = await cluster.settle(3_600_000)
        const { status } = cluster.model()
        for (const message of said(cluster.model())) assert.doesNotMatch(message, /[\p{Cc}\u202e]/u)
        const metadata = { name, namespace }
        const { apiVersion } = modelDeployments
        await api.kube.applyStatus(modelDeployments, {
          apiVersion,
          kind: 'ModelDeployment',
          metadata,
          status,
        })
        await api.kube.remove(modelDeployments, namespace, name, model.metadata.uid)
        return kind
      },
      [Symbol.asyncDispose]: server.stop,
    }
  },
}
