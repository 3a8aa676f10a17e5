/** `gantry import` against a real API server; the test writes the status, as an operator would. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Model, ModelDeployment } from '../cluster/resources.ts'
import { type TestCluster, testCluster, withoutApiServer } from '../testing/cluster.ts'
import { gantry, type Ran } from '../testing/gantry.ts'

describe('gantry import', { skip: withoutApiServer }, () => {
  let cluster: TestCluster
  before(async () => {
    cluster = await testCluster('import')
  })
  const ask = (...args: readonly string[]): Promise<Ran> =>
    gantry(['import', ...args, '-n', cluster.namespace], { env: cluster.env })
  const live = async (name: string): Promise<Model> => {
    const found = await cluster.session.kube.get<Model>(ModelDeployment, cluster.namespace, name)
    assert.ok(found)
    return found
  }

  test('sets the source of a model, and makes one where there is none and --task says what it does', async () => {
    await cluster.model('support')
    const set = await ask('support', 'https://other.example.com/2.tar', '--label', '2026-12', '--no-wait')
    assert.deepEqual([set.code, set.err], [0, ''])
    assert.match(set.out, /support is asked to import it/)
    const { model } = (await live('support')).spec
    assert.deepEqual([model.source, model.version], [{ uri: 'https://other.example.com/2.tar' }, '2026-12'])
    const made = await ask('iris', 'https://models.example.com/iris.onnx', '--task', 'tensor', '--no-wait')
    assert.equal(made.code, 0, made.err)
    assert.equal((await live('iris')).spec.model.task, 'tensor')
  })

  test('waits until the model serves what was asked for, or says what it waits for', async () => {
    await cluster.model('waits')
    const late = await ask('waits', '--label', 'again', '--timeout', '1')
    assert.equal(late.code, 1)
    assert.match(
      late.err,
      /waits does not serve what was asked for after 1 s: No operator has looked at it yet/,
    )
  })

  test('refuses what no cluster can reach, and what would change nothing, before it writes', async () => {
    await cluster.model('same')
    const { resourceVersion } = (await live('same')).metadata
    const path = await ask('same', './model')
    assert.deepEqual(
      [path.code, /no address that the cluster can reach.*pvc:\/\//s.test(path.err)],
      [2, true],
    )
    assert.equal((await ask('same')).code, 2)
    assert.equal((await ask('gone', 'https://models.example.com/1.tar')).code, 3)
    const refused = await ask('same', 'ftp://models.example.com/1.tar', '--no-wait')
    assert.notEqual(refused.code, 0)
    assert.match(refused.err, /spec\.model\.source\.uri/)
    assert.equal((await live('same')).metadata.resourceVersion, resourceVersion)
  })
})
