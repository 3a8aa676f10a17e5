import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allBinaries } from '../binaries/build.ts'
import { adviceFor, planForContext, planOf, planText, type Situation, stepNames } from './plan.ts'

const fresh: Situation = {
  missingPackages: ['containerd', 'buildah'],
  missingBinaries: allBinaries,
  downloadable: ['kube-apiserver', 'helm'],
  imagesBuilt: false,
  clusterUp: false,
}

const what = (situation: Partial<Situation>, name: string) =>
  planOf({ ...fresh, ...situation }).find((step) => step.name === name)

test('a first start prints every step, and how long each took elsewhere', () => {
  const steps = planOf(fresh)
  assert.deepEqual(
    steps.map(({ name }) => name),
    [...stepNames],
  )
  for (const { name, took } of steps) assert.match(took, /\d+ (s|min)/, name)
  const text = planText(steps)
  assert.match(text, /^Steps, and how long/)
  assert.match(text, /1\. apt-get installs containerd, buildah\n/)
  assert.match(text, /7\. /)
})

test('it says which programs are downloaded and which are built', () => {
  const step = what({}, 'programs')
  assert.match(
    step?.what ?? '',
    /^kube-apiserver, helm: downloaded and checked, or else built from source; etcd, .*built/,
  )
  assert.match(what({ downloadable: [] }, 'programs')?.what ?? '', /^10 programs built from source with Go$/)
})

test('what is there already is said to be there', () => {
  const warm = {
    missingPackages: [],
    missingBinaries: [],
    downloadable: [],
    imagesBuilt: true,
    clusterUp: true,
  }
  assert.equal(what(warm, 'packages'), undefined)
  assert.equal(what(warm, 'programs')?.took, 'already present')
  assert.equal(what(warm, 'cluster')?.took, 'up already')
  assert.match(what(warm, 'images')?.took ?? '', /^already present; .* where sources changed/)
})

test('a cluster of the user has the last steps only', () => {
  assert.deepEqual(
    planForContext().map(({ name }) => name),
    ['gantry', 'samples', 'answers'],
  )
})

test('every step that can fail has an advice, with commands that name the cluster', () => {
  for (const name of stepNames)
    assert.match(adviceFor(name, 'kubectl --context mine'), /`npm start` again|npm stop/, name)
  assert.match(
    adviceFor('samples', 'kubectl --context mine'),
    /kubectl --context mine -n gantry-examples describe mdl/,
  )
})
