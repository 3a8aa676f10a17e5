/** Which of the additions to serving pods an installation has to list, and where. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testConfig } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import type { Observed } from '../observe.ts'
import type { PodTemplate, PodTemplateAllow } from '../pod-template-allow.ts'
import { podTemplateNotAllowed } from './pod-template.ts'

const ask = (podTemplate: PodTemplate, allow: Partial<PodTemplateAllow> = {}): string | undefined => {
  const model = modelDeployment({ spec: { serve: { podTemplate } } })
  const config = { ...testConfig, podTemplate: { ...testConfig.podTemplate, ...allow } }
  return podTemplateNotAllowed({ model } as Observed, config)?.message
}

const name = 'shop'
const key = { name, key: 'a' }
const image = 'registry.example.com/proxy:1'

/** What is asked for, the lists that allow it, and how a message names it where one of them does not. */
const cases: readonly (readonly [string, PodTemplate, Partial<PodTemplateAllow>, RegExp])[] = [
  [
    'a key of a Secret',
    { env: [{ name: 'A', valueFrom: { secretKeyRef: key } }] },
    { env: ['A'], secrets: ['shop'] },
    /env\["A"\] \(chart value podTemplate\.allow\.env\)|env\[A\] with the Secret "shop" \(chart value podTemplate\.allow\.secrets\)/,
  ],
  [
    'a key of a ConfigMap',
    { env: [{ name: 'A', valueFrom: { configMapKeyRef: key } }] },
    { env: ['A'], configMaps: ['sho*'] },
    /env\["A"\]|env\[A\] with the ConfigMap "shop" \(chart value podTemplate\.allow\.configMaps\)/,
  ],
  [
    'a whole Secret',
    { envFrom: [{ prefix: 'SHOP_', secretRef: { name } }] },
    { envFrom: ['SHOP_*'], secrets: ['*'] },
    /envFrom with the prefix "SHOP_" \(chart value podTemplate\.allow\.envFrom\)|envFrom\[0\] with the Secret "shop"/,
  ],
  [
    'an empty folder',
    { volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }] },
    { volumes: ['emptyDir'] },
    /volumes\["v"\] of the kind "emptyDir" \(chart value podTemplate\.allow\.volumes\)/,
  ],
  [
    'a volume of a Secret',
    { volumes: [{ name: 'v', secret: { secretName: name } }] },
    { volumes: ['secret'], secrets: [name] },
    /of the kind "secret"|volumes\[v\] with the Secret "shop"/,
  ],
  [
    'a volume of a Secret and a ConfigMap',
    {
      volumes: [{ name: 'v', projected: { sources: [{ secret: { name } }, { configMap: { name: 'a' } }] } }],
    },
    { volumes: ['projected'], secrets: [name], configMaps: ['a'] },
    /of the kind "projected"|volumes\[v\] with the (Secret "shop"|ConfigMap "a")/,
  ],
  [
    'a claim',
    { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: name } }] },
    { volumes: ['persistentVolumeClaim/shop'] },
    /of the kind "persistentVolumeClaim\/shop" \(chart value podTemplate\.allow\.volumes\)/,
  ],
  [
    'a volume of a CSI driver with a Secret',
    { volumes: [{ name: 'v', csi: { driver: 'a.example.com', nodePublishSecretRef: { name } } }] },
    { volumes: ['csi/*'], secrets: [name] },
    /of the kind "csi\/a\.example\.com"|volumes\[v\] with the Secret "shop"/,
  ],
  [
    'a ServiceAccount',
    { serviceAccountName: name },
    { serviceAccounts: [name] },
    /serviceAccountName "shop" \(chart value podTemplate\.allow\.serviceAccounts\)/,
  ],
  [
    'a sidecar',
    { sidecars: [{ name: 'proxy', image }] },
    { sidecars: ['registry.example.com/*'] },
    /sidecars\["proxy"\] with the image "registry\.example\.com\/proxy:1" \(chart value podTemplate\.allow\.sidecars\)/,
  ],
  [
    'a Secret of a sidecar',
    {
      sidecars: [{ name: 'proxy', image, env: [{ name: 'NODE_OPTIONS', valueFrom: { secretKeyRef: key } }] }],
    },
    { sidecars: [image], secrets: [name] },
    /with the image|sidecars\[proxy\]\.env\[NODE_OPTIONS\] with the Secret "shop"/,
  ],
  [
    'all keys of a ConfigMap in a sidecar, without a prefix',
    { sidecars: [{ name: 'proxy', image, envFrom: [{ configMapRef: { name } }] }] },
    { sidecars: [image], configMaps: [name], envFrom: ['*'] },
    /with the image|envFrom with the prefix ""|sidecars\[proxy\]\.envFrom\[0\] with the ConfigMap "shop"/,
  ],
]

for (const [what, template, allow, names] of cases) {
  test(`${what} is allowed where every list names it, and no other list does`, () => {
    assert.match(ask(template) ?? '', names)
    assert.equal(ask(template, allow), undefined)
    const lists = Object.keys(allow) as (keyof PodTemplateAllow)[]
    for (const list of lists) {
      assert.match(
        ask(template, { ...allow, [list]: ['other'] }) ?? '',
        new RegExp(`podTemplate\\.allow\\.${list}\\)`),
      )
    }
    const others = Object.keys(testConfig.podTemplate).filter((list) => !lists.some((own) => own === list))
    assert.match(ask(template, Object.fromEntries(others.map((list) => [list, ['*']]))) ?? '', names)
  })
}

test('no prefix turns a key into a variable of our programs, even where the installation lists that variable', () => {
  for (const prefix of [
    'N',
    'no',
    'NODE_',
    'NODE_EXTRA_',
    'LD',
    'P',
    'PA',
    'HOM',
    'HTTP',
    'ORT_X',
    'gantry_',
  ]) {
    const template = { envFrom: [{ prefix, secretRef: { name } }] }
    assert.match(
      ask(template, { envFrom: ['*'], secrets: ['*'] }) ?? '',
      /envFrom with the prefix .* \(never allowed\)/,
      prefix,
    )
  }
  for (const prefix of ['NODES_', 'SHOP_', 'PATHS', 'X']) {
    const template = { envFrom: [{ prefix, secretRef: { name } }] }
    assert.equal(ask(template, { envFrom: ['*'], secrets: ['*'] }), undefined, prefix)
  }
})
