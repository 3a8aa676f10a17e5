import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildSteps, countStale } from './build.ts'

test('only packages that are not in the build cache have to be compiled', () => {
  const list = [
    'false ',
    'true not installed but available in build cache',
    'true build ID mismatch',
    'true stale dependency: internal/goarch',
    '',
  ]
  assert.equal(countStale(list.join('\n')), 2)
})

test('a build says how many packages are done of all', () => {
  const steps = buildSteps()
  assert.equal(steps.detail(907), '')
  steps.read('go: downloading k8s.io/api v0.35.4')
  assert.equal(steps.detail(undefined), 'downloading k8s.io/api')
  for (const line of ['internal/goarch', 'k8s.io/api/core/v1', 'vendor/golang.org/x/net/dns'])
    steps.read(line)
  assert.equal(steps.detail(907), '3 of 907 packages')
  assert.equal(steps.detail(undefined), '3 packages')
})

test('a build whose packages are all in the cache is only linked', () => {
  assert.equal(buildSteps().detail(0), 'linking')
})

test('what the compiler complains of is not counted as a package', () => {
  const steps = buildSteps()
  for (const line of ['# gantry.dev/x', 'etcd/main.go:8:2: undefined: x', '\tgo: some words'])
    steps.read(line)
  assert.equal(steps.detail(10), '')
})

test('a count that was too small never makes more than all', () => {
  const steps = buildSteps()
  for (const line of ['a', 'b', 'c']) steps.read(line)
  assert.equal(steps.detail(2), '3 of 3 packages')
})
