import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testConfig as config, type Draft } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { optimizeJob } from './optimize-job.ts'

const roomOf = (mebibytes: number, resources?: object) => {
  const optimize = { quantize: 'int8-dynamic' as const, ...(resources ? { resources } : {}) }
  const model = modelDeployment({ spec: { optimize } }) as ModelDeployment
  const parent: Version = {
    ...{ id: 'v_20261123_100001', revision: 'ab', source: 'https://models.example', digest: 'sha256:00' },
    ...{ sizeBytes: mebibytes * 2 ** 20, createdAt: '2026-11-23T10:00:00Z', phase: 'Imported' },
  }
  const made = { parent, revision: 'fedcba9876543210' }
  const job = optimizeJob(model, config, made, { attempt: 0, keep: [] }) as Draft
  const { volumes, initContainers } = job.spec.template.spec
  const { requests, limits } = initContainers.at(-1).resources
  return {
    room: volumes.find(({ name }: Draft) => name === 'optimization').emptyDir.sizeLimit,
    requested: requests['ephemeral-storage'],
    limit: limits['ephemeral-storage'],
  }
}

test('what the optimizer writes has room by the size of its parent, on a node that can hold it', () => {
  assert.deepEqual(roomOf(100), { room: '456Mi', requested: '556Mi', limit: '12376Mi' })
  assert.deepEqual(roomOf(20_480), { room: '41216Mi', requested: '61696Mi', limit: '134656Mi' })
})

test('more disk for the pod is more room for what the optimizer writes', () => {
  const more = roomOf(100, { limits: { 'ephemeral-storage': '200Gi' } })
  assert.deepEqual([more.room, more.limit], ['200Gi', '200Gi'])
})
