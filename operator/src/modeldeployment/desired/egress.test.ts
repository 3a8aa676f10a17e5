/** Whom the pods of a model may call, asked of the policies as a network plugin reads them. */
import assert from 'node:assert/strict'
import { BlockList, isIPv4 } from 'node:net'
import { describe, test } from 'node:test'
import { testConfig as config, type Draft } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { importPolicy } from './import-policy.ts'
import { networkPolicy } from './network-policy.ts'
import { ownImportPolicy } from './own-import.ts'

/** Where a connection goes: to a pod of a namespace, or to an address that is no pod's. */
interface Target {
  readonly namespace?: string
  readonly address?: string
  readonly port: number
  readonly protocol?: 'TCP' | 'UDP'
}

const isIn = (address: string, cidr: string): boolean => {
  const [network = '', prefix] = cidr.split('/')
  const list = new BlockList()
  list.addSubnet(network, Number(prefix), isIPv4(network) ? 'ipv4' : 'ipv6')
  return isIPv4(network) === isIPv4(address) && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

const isPeer = ({ ipBlock, namespaceSelector, podSelector }: Draft, own: string, target: Target): boolean => {
  const { namespace, address } = target
  if (ipBlock)
    return (
      address !== undefined &&
      isIn(address, ipBlock.cidr) &&
      !(ipBlock.except ?? []).some((cidr: string) => isIn(address, cidr))
    )
  if (namespace === undefined) return false
  if (podSelector && !namespaceSelector) return namespace === own
  const desired = namespaceSelector.matchLabels?.['kubernetes.io/metadata.name']
  return desired === undefined || desired === namespace
}

const mayCall = ({ metadata, spec }: Draft, target: Target): boolean => {
  assert.ok(spec.policyTypes.includes('Egress'))
  const { port, protocol = 'TCP' } = target
  return (spec.egress ?? []).some(
    ({ to, ports }: Draft) =>
      to.some((peer: Draft) => isPeer(peer, metadata.namespace, target)) &&
      (ports?.some((one: Draft) => one.port === port && one.protocol === protocol) ?? true),
  )
}

const from = (source: object) => modelDeployment({ spec: { model: { source } } })
const importsFrom = (uri: string, changed = {}): Draft =>
  importPolicy(from({ uri }), { ...config, ...changed })
const tracesTo = (endpoint: string): Draft =>
  networkPolicy(modelDeployment(), { ...config, tracing: { endpoint, sampleRate: 1 } })

const kubeDns = { namespace: 'kube-system', port: 53, protocol: 'UDP' } as const
const metadataOfClouds = ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254', 'fe80::1']
const localAddresses = [...metadataOfClouds, '127.0.0.1', '::1', '0.0.0.0', '224.0.0.1', '255.255.255.255']

describe('an import pod', () => {
  test('calls name servers of the cluster or of a private network, and none on the internet', () => {
    const policy = importsFrom('https://models.example/m.tar.gz')
    for (const target of [
      ...[kubeDns, { ...kubeDns, protocol: 'TCP' as const }, { namespace: 'openshift-dns', port: 5353 }],
      ...[
        { address: '10.0.0.2', port: 53 },
        { address: '169.254.20.10', port: 53, protocol: 'UDP' as const },
      ],
    ])
      assert.ok(mayCall(policy, target), JSON.stringify(target))
    assert.equal(mayCall(policy, { address: '8.8.8.8', port: 53, protocol: 'UDP' }), false)
  })

  test('calls the port of its source, and the one of https, where a store may redirect to', () => {
    for (const [uri, port] of [
      ['https://models.example/m', 443],
      ['https://models.example:8443/m', 8443],
      ['http://models.example/m', 80],
      ['http://models.example:9000/m', 9000],
    ] as const) {
      const policy = importsFrom(uri)
      for (const one of [port, 443]) {
        assert.ok(mayCall(policy, { address: '1.1.1.1', port: one }), uri)
        assert.ok(mayCall(policy, { address: '10.1.2.3', port: one }), uri)
        assert.ok(mayCall(policy, { address: '2606:4700::1111', port: one }), uri)
      }
      for (const other of [22, 5432, 6443, 8444])
        assert.equal(mayCall(policy, { address: '10.1.2.3', port: other }), false, `${uri} ${other}`)
      assert.equal(mayCall(policy, { namespace: 'payments', port: 5432 }), false)
    }
  })

  test('of a hub calls the address that the installation names, and the stores that it redirects to', () => {
    const imports = { ...config.imports, hubEndpoint: 'http://hub.registry.svc:8080/api' }
    const policy = importsFrom('hf://acme/encoder', { imports })
    for (const port of [8080, 443]) assert.ok(mayCall(policy, { address: '1.1.1.1', port }))
    assert.ok(mayCall(policy, { namespace: 'registry', port: 9000 }))
    assert.equal(mayCall(policy, { namespace: 'acme', port: 443 }), false)
    assert.ok(mayCall(importsFrom('hf://acme/encoder'), { address: '1.1.1.1', port: 443 }))
  })

  test('of a registry calls its port, and the stores and token services that it names', () => {
    const imports = { ...config.imports, plainHttpRegistries: ['registry.mirrors.svc', 'registry.example'] }
    for (const [uri, port] of [
      ['oci://registry.other:5000/m:1', 5000],
      ['oci://registry.example/m:1', 80],
    ] as const)
      for (const one of [port, 443])
        assert.ok(mayCall(importsFrom(uri, { imports }), { address: '1.1.1.1', port: one }), uri)
    assert.equal(
      mayCall(importsFrom('oci://registry.other/m:1', { imports }), { address: '1.1.1.1', port: 80 }),
      false,
    )
    const policy = importsFrom('oci://registry.mirrors.svc/team/m:1', { imports })
    assert.ok(mayCall(policy, { namespace: 'mirrors', port: 5000 }))
    assert.equal(mayCall(policy, { namespace: 'team', port: 5000 }), false)
  })

  test('calls no address of its node and none of the metadata of a cloud, on no port but that of names', () => {
    for (const uri of ['https://models.example/m', 'http://store.demo.svc/m', 'http://169.254.169.254/m'])
      for (const address of localAddresses)
        for (const port of [80, 443, 9000])
          assert.equal(mayCall(importsFrom(uri), { address, port }), false, `${uri} ${address}`)
  })

  test('reaches the pods of a Service of the cluster on any port, and those of no other namespace', () => {
    for (const [uri, namespace] of [
      ['http://store.models.svc/m', 'models'],
      ['http://store.models.svc.cluster.local:80/m', 'models'],
      ['http://store.models.svc./m', 'models'],
      ['http://store.models/m', 'models'],
      ['http://store/m', 'demo'],
    ] as const) {
      const policy = importsFrom(uri)
      assert.ok(mayCall(policy, { namespace, port: 9000 }), uri)
      assert.equal(mayCall(policy, { namespace: 'payments', port: 9000 }), false, uri)
    }
  })

  test('reaches a Service by its address where its pods listen on the same port', () => {
    const policy = importsFrom('http://10.96.0.20:9000/m')
    assert.ok(mayCall(policy, { namespace: 'models', port: 9000 }))
    assert.equal(mayCall(policy, { namespace: 'models', port: 5432 }), false)
  })

  test('reaches no private network where the installation has switched those off, nor pods', () => {
    for (const uri of ['https://models.example/m', 'http://store.models.svc:9000/m', 'http://10.1.2.3/m']) {
      const policy = importsFrom(uri, { allowPrivateSources: false })
      for (const address of ['10.1.2.3', '172.16.0.1', '192.168.0.1', '100.64.0.1', 'fd12::1'])
        for (const port of [80, 443, 9000]) assert.equal(mayCall(policy, { address, port }), false, uri)
      for (const port of [80, 443, 9000])
        assert.equal(mayCall(policy, { namespace: 'models', port }), false, uri)
      assert.ok(mayCall(policy, { address: '1.1.1.1', port: 443 }))
      assert.ok(mayCall(policy, kubeDns))
    }
  })

  test('reaches the endpoint of its bucket, and the agent of EKS where no Secret has its credentials', () => {
    const agent = [
      { address: '169.254.170.23', port: 80 },
      { address: 'fd00:ec2::23', port: 80 },
    ]
    const uri = 's3://models/intents'
    const policyOf = (source: object): Draft => importPolicy(from({ uri, ...source }), config)
    const byRole = policyOf({})
    for (const target of [...agent, { address: '52.1.2.3', port: 443 }]) assert.ok(mayCall(byRole, target))
    const model = from({ uri })
    const ephemeral = { ...model, spec: { ...model.spec, storage: { mode: 'Ephemeral' as const } } }
    for (const target of agent) assert.ok(mayCall(ownImportPolicy(ephemeral, config) as Draft, target))
    const bySecret = policyOf({
      secretRef: { name: 'store' },
      s3: { endpoint: 'http://minio.store.svc:9000' },
    })
    assert.ok(mayCall(bySecret, { namespace: 'store', port: 9000 }))
    for (const target of agent) assert.equal(mayCall(bySecret, target), false)
    for (const policy of [byRole, bySecret])
      for (const address of localAddresses)
        for (const port of [80, 443]) assert.equal(mayCall(policy, { address, port }), false, address)
  })

  test('makes and accepts no connections where its source is mounted', () => {
    const mounted = [
      from({ uri: 'pvc://shared/models' }),
      from({ uri: 'file:///models/a' }),
      from({ uri: undefined, configMapRef: { name: 'tiny' } }),
    ]
    for (const model of mounted) assert.equal((importPolicy(model, config) as Draft).spec.egress, undefined)
    for (const model of [...mounted, from({ uri: 'https://models.example/m' })]) {
      const { spec } = importPolicy(model, config) as Draft
      assert.deepEqual([spec.policyTypes, spec.ingress], [['Ingress', 'Egress'], undefined])
      assert.deepEqual(spec.podSelector.matchLabels, {
        'gantry.dev/model': 'intents',
        'app.kubernetes.io/component': 'import',
      })
    }
  })

  test('reaches its proxy, and nothing past it where nothing is excepted', () => {
    const behind = (https: string, noProxy: readonly string[] = []) =>
      importsFrom('https://models.example/m', {
        allowPrivateSources: false,
        imports: { ...config.imports, proxy: { https, http: undefined, noProxy } },
      })
    const service = behind('http://proxy.egress.svc:3128')
    assert.ok(mayCall(service, { namespace: 'egress', port: 3128 }))
    assert.ok(mayCall(service, kubeDns))
    assert.equal(mayCall(service, { namespace: 'payments', port: 3128 }), false)
    const address = behind('http://10.1.2.3:3128')
    assert.ok(mayCall(address, { address: '10.1.2.3', port: 3128 }), 'a proxy is no source')
    const named = behind('http://proxy.company.example:3128')
    assert.ok(mayCall(named, { address: '10.9.9.9', port: 3128 }))
    for (const policy of [service, address, named]) {
      assert.equal(mayCall(policy, { address: '1.1.1.1', port: 443 }), false)
      assert.equal(mayCall(policy, { address: '169.254.169.254', port: 3128 }), false)
    }
    const excepting = behind('http://10.1.2.3:3128', ['.svc'])
    assert.ok(mayCall(excepting, { address: '10.1.2.3', port: 3128 }))
    assert.ok(mayCall(excepting, { address: '1.1.1.1', port: 443 }))
    assert.equal(mayCall(excepting, { address: '10.1.2.4', port: 443 }), false)
  })

  test('has a policy whose name no model has, so that a model called NAME-import keeps its own', () => {
    assert.equal(importsFrom('https://models.example/m').metadata.name, 'intents.import')
  })
})

describe('a serving pod calls', () => {
  test('the collector of its traces, by its namespace where that is a Service, and nothing on the internet', () => {
    const policy = tracesTo('http://collector.monitoring.svc.cluster.local:4318')
    assert.ok(mayCall(policy, { namespace: 'monitoring', port: 4318 }))
    assert.ok(mayCall(policy, kubeDns))
    assert.equal(mayCall(policy, { namespace: 'payments', port: 4318 }), false)
    for (const address of ['1.1.1.1', '10.1.2.3', ...localAddresses])
      assert.equal(mayCall(policy, { address, port: 4318 }), false, address)
  })

  test('one address, where the collector is named by it', () => {
    const policy = tracesTo('https://203.0.113.7')
    assert.ok(mayCall(policy, { address: '203.0.113.7', port: 443 }))
    assert.equal(mayCall(policy, { address: '203.0.113.8', port: 443 }), false)
    assert.equal(mayCall(policy, { address: '203.0.113.7', port: 80 }), false)
    assert.equal(mayCall(policy, kubeDns), false)
    assert.ok(mayCall(tracesTo('http://[fd12::7]:4318'), { address: 'fd12::7', port: 4318 }))
  })

  test('the port of a collector whose name does not tell where it is, but no address of the node', () => {
    for (const [endpoint, port] of [
      ['http://collector', 80],
      ['https://collector.example', 443],
      ['http://collector.monitoring:4318', 4318],
      ['https://otlp.vendor.example:4317', 4317],
    ] as const) {
      const policy = tracesTo(endpoint)
      assert.ok(mayCall(policy, { address: '203.0.113.7', port }), endpoint)
      assert.equal(mayCall(policy, { address: '203.0.113.7', port: 22 }), false, endpoint)
      for (const address of localAddresses) assert.equal(mayCall(policy, { address, port }), false, endpoint)
      assert.equal(mayCall(policy, { address: '8.8.8.8', port: 53, protocol: 'UDP' }), false)
    }
    assert.ok(mayCall(tracesTo('http://collector.monitoring:4318'), { namespace: 'monitoring', port: 4318 }))
  })
})
