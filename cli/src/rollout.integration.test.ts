/** `promote`, `abort`, `pause` and `resume` against a real API server; the tests write the status as the operator would. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Model, ModelDeployment } from './cluster/resources.ts'
import { askedOf } from './models/canary.ts'
import { type TestCluster, testCluster, withoutApiServer } from './testing/cluster.ts'
import { gantry, type Ran } from './testing/gantry.ts'

const [old, fresh] = ['v_20261101_101500', 'v_20261123_101500']
type Status = NonNullable<Model['status']>

const canary: NonNullable<Status['canary']> = {
  ...{ version: fresh, stable: old, revision: 'r', run: 'r-1', phase: 'Progressing', step: 1, weight: 10 },
  ...{ heldSeconds: 5, seenAt: '2026-11-23T10:16:00Z', paused: false },
  message: 'step 1 of 2, weight 10: 20 of 250 requests that the canary has to have',
  tally: { sources: [], retired: [], retiredSources: [], sourcesSeen: 0 },
}
const condition = (type: string, status: 'True' | 'False', reason: string) => ({
  ...{ type, status, reason, message: '', lastTransitionTime: '2026-11-23T10:16:00Z' },
})
const tried: Status = { activeVersion: old, canary, conditions: [condition('Ready', 'True', 'Ready')] }
const takenBack = (message: string, more = {}): Status => ({
  activeVersion: old,
  rejectedRevision: { ...{ version: fresh, revision: 'r', reason: 'CanaryAborted', message }, ...more },
  conditions: [condition('Ready', 'False', 'CanaryAborted'), condition('Stalled', 'True', 'CanaryAborted')],
})

describe('commands of a rollout', { skip: withoutApiServer }, () => {
  let cluster: TestCluster
  before(async () => {
    cluster = await testCluster('gantry-rollout')
  })
  const run = (...args: readonly string[]): Promise<Ran> =>
    gantry([...args, '-n', cluster.namespace], { env: cluster.env })
  const live = async (name: string): Promise<Model> =>
    (await cluster.session.kube.get<Model>(ModelDeployment, cluster.namespace, name)) as Model

  /** Waits for the annotation, and writes the status that the operator makes of it. */
  const operator = async (name: string, annotation: string | undefined, status: Status): Promise<void> => {
    while (askedOf(await live(name)) !== annotation) await new Promise((resolve) => setTimeout(resolve, 20))
    const { apiVersion, kind } = ModelDeployment
    const object = { apiVersion, kind, metadata: { name, namespace: cluster.namespace }, status }
    await cluster.session.kube.applyStatus(ModelDeployment, object)
  }

  test('each sets the annotation of the version that is tried, and prints what the operator made of it', async () => {
    await cluster.model('steered', tried)
    const rows = [
      ['pause', { ...tried, canary: { ...canary, paused: true } }, /step 1 of 2, weight 10, paused\./],
      ['resume', tried, /step 1 of 2, weight 10\. step 1 of 2, weight 10: 20 of 250 requests/],
      ['promote', { ...tried, canary: { ...canary, phase: 'Promoting' } }, /being promoted/],
      [
        'abort',
        takenBack('a user aborted it'),
        new RegExp(`${fresh} was taken back; ${old} serves steered\\.`),
      ],
    ] as const
    for (const [action, status, says] of rows) {
      const [ran] = await Promise.all([
        run(action, 'steered'),
        operator('steered', `${action}@${fresh}`, status as Status),
      ])
      assert.equal(ran.code, 0, ran.err)
      assert.match(ran.out, says)
    }
  })

  test('a version that was taken back is tried again, though the annotation is there already', async () => {
    const annotation = `resume@${fresh}`
    const metadata = { name: 'again', annotations: { 'gantry.dev/rollout': annotation } }
    await cluster.model('again', takenBack('x', { annotation }), { metadata })
    const ran = run('resume', 'again', '-o', 'json')
    await operator('again', undefined, takenBack('x'))
    await operator('again', annotation, tried)
    const { code, out, err } = await ran
    assert.equal(code, 0, err)
    assert.deepEqual([JSON.parse(out).action, JSON.parse(out).version], ['resume', fresh])
  })

  test('what cannot be done is told with what to do next, and nothing is set', async () => {
    await cluster.model('calm', { activeVersion: old })
    await cluster.model('refused', takenBack('5 % errors\u001b[2J'))
    await cluster.model('late', { ...tried, canary: { ...canary, phase: 'Promoting' } })
    const cases = [
      ['promote', 'calm', /calm has no canary\.\n.*spec\.rollout\.strategy is Canary/],
      ['resume', 'calm', /calm has no canary, and no version of it was taken back/],
      ['promote', 'refused', /is not tried any more: 5 % errors.*\n`gantry resume refused` tries it again/],
      ['pause', 'late', /is taking the place of .*\n`gantry abort late` takes it back/],
      ['abort', 'clam', /Did you mean calm/],
    ] as const
    for (const [action, name, says] of cases) {
      const { code, err } = await run(action, name)
      assert.equal(code, name === 'clam' ? 3 : 1)
      assert.match(err, says)
      assert.ok(!err.includes('\u001b[2J'))
      if (name !== 'clam') assert.equal(askedOf(await live(name)), undefined)
    }
  })

  test('an operator that does not act in time is told with what the canary waits for', async () => {
    const message = 'not all pods of the canary are ready'
    await cluster.model('slow', { ...tried, canary: { ...canary, message } })
    const { code, err } = await run('promote', 'slow', '--timeout', '1')
    assert.equal(code, 1)
    assert.match(err, /nothing has come of it after 1 s: not all pods of the canary are ready\./)
  })

  test('get and describe show the step, the weight and what was seen', async () => {
    await cluster.model('shown', tried)
    assert.match((await run('get', 'shown')).out, /step 1 of 2, weight 10/)
    const { out } = await run('describe', 'shown')
    assert.match(out, new RegExp(`tries +${fresh}, step 1 of 2, weight 10$`, 'm'))
    assert.match(out, /Canary\n +step 1 of 2, weight 10: 20 of 250 requests/)
    assert.match(out, /`gantry promote shown` ends the canary/)
    const view = JSON.parse((await run('describe', 'shown', '-o', 'json')).out)
    assert.equal(view.canary.progress, 'step 1 of 2, weight 10')
  })
})
