import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { load } from 'js-yaml'
import { loadConfig } from '../operator/src/config.ts'
import { ownNames, ownPrefixes } from '../operator/src/modeldeployment/checks/additions.ts'

interface Values {
  readonly podTemplate: { readonly allow: object }
  readonly imports: { readonly resources: object }
  readonly evaluations: object
  readonly cost: { readonly enabled: boolean; readonly prices: object }
  readonly limits: { readonly maxReplicas: number }
  readonly rollout: { readonly fleet: object }
}

const file = join(import.meta.dirname, '../helm/gantry/values.yaml')

test('the chart and the operator allow models the same where nothing is said', () => {
  const { podTemplate, imports, evaluations, limits, rollout } = load(readFileSync(file, 'utf8')) as Values
  const { reconcile } = loadConfig({ SERVER_IMAGE: 'x', OPTIMIZER_IMAGE: 'x', POD_NAMESPACE: 'x' }, 'x')
  assert.deepEqual(podTemplate.allow, { ...reconcile.podTemplate })
  assert.deepEqual(imports.resources, { ...reconcile.imports.resources })
  assert.deepEqual(evaluations, { ...reconcile.evaluations })
  assert.equal(limits.maxReplicas, reconcile.maxReplicas)
  assert.deepEqual(rollout.fleet, { ...reconcile.fleet })
})

test('the chart and the operator measure costs the same where nothing but that is said', () => {
  const { enabled, prices, ...cost } = (load(readFileSync(file, 'utf8')) as Values).cost
  const env = { SERVER_IMAGE: 'x', OPTIMIZER_IMAGE: 'x', POD_NAMESPACE: 'x', COST_ENABLED: 'true' }
  assert.deepEqual([enabled, prices], [false, {}])
  assert.deepEqual(cost, { ...loadConfig(env, 'x').cost })
})

test('the chart and the operator know the same variables of our own programs', () => {
  const templates = readFileSync(join(import.meta.dirname, '../helm/gantry/templates/_names.tpl'), 'utf8')
  const listOf = (name: string): readonly string[] | undefined =>
    new RegExp(`define "gantry.admission.${name}" -}}\n(.*)\n`).exec(templates)?.[1]?.split('|')
  assert.deepEqual(listOf('ownPrefixes'), ownPrefixes)
  assert.deepEqual(listOf('ownNames'), ownNames)
})
