import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultPodTemplateAllow, isListed, readPodTemplateAllow } from './pod-template-allow.ts'

test('a list has names, prefixes and everything', () => {
  const list = ['team', 'nvidia.com/*', 'karpenter.k8s.aws/instance-*']
  for (const name of ['team', 'nvidia.com/gpu', 'nvidia.com/', 'karpenter.k8s.aws/instance-cpu']) {
    assert.ok(isListed(list, name), name)
  }
  for (const name of [
    '',
    'teams',
    'Team',
    'nvidia.com',
    'xnvidia.com/gpu',
    'karpenter.k8s.aws/instance',
    '*',
  ]) {
    assert.ok(!isListed(list, name), name)
  }
  assert.ok(isListed(['registry.example.com:5000/*'], 'registry.example.com:5000/proxy@sha256:0'))
  assert.ok(isListed(['*'], 'anything/at-all'))
  assert.ok(!isListed([], 'anything'))
})

test('what is not said has its default, and an empty list allows nothing', () => {
  const problems: string[] = []
  const allow = readPodTemplateAllow('KEY', '{"labels":["team"],"tolerations":[]}', problems)
  assert.deepEqual(allow, { ...defaultPodTemplateAllow, labels: ['team'], tolerations: [] })
  assert.deepEqual(readPodTemplateAllow('KEY', undefined, problems), defaultPodTemplateAllow)
  const sidecars = ['registry.example.com:5000/proxy:1', 'registry.example.com/other@sha256:0*']
  assert.deepEqual(readPodTemplateAllow('KEY', JSON.stringify({ sidecars }), problems).sidecars, sidecars)
  assert.deepEqual(problems, [])
})

test('every mistake is named, and what is mistaken allows nothing', () => {
  const problems: string[] = []
  const text = '{"label":[],"labels":"*","tolerations":["a*b",7,"","**","x y","ok","$(HOME)"]}'
  const allow = readPodTemplateAllow('KEY', text, problems)
  assert.deepEqual([allow.labels, allow.tolerations], [[], ['ok']])
  assert.match(
    problems.join('\n'),
    /^KEY has "label": there are priorityClasses, .*, affinityNamespaces, env, envFrom, secrets, configMaps, volumes, sidecars, serviceAccounts$/m,
  )
  assert.match(problems.join('\n'), /^KEY has no list in labels$/m)
  assert.match(problems.join('\n'), /^KEY has "a\*b" in tolerations: it must be a name, a prefix/m)
  assert.equal(problems.length, 8)
  for (const nonsense of ['{', 'null', '[]', '7']) {
    const found: string[] = []
    readPodTemplateAllow('KEY', nonsense, found)
    assert.equal(found.length, 1, nonsense)
  }
})
