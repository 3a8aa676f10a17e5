import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from './config.ts'
import { defaultEvaluationConfig } from './evaluating/config.ts'
import { defaultPodTemplateAllow } from './modeldeployment/pod-template-allow.ts'
import { defaultImportConfig } from './pods/import-config.ts'

const valid = {
  ...{ SERVER_IMAGE: 'gantry-server:1', OPTIMIZER_IMAGE: 'gantry-optimizer:1' },
  POD_NAMESPACE: 'gantry-system',
}

test('two keys are enough', () => {
  assert.deepEqual(loadConfig(valid, 'me'), {
    reconcile: {
      serverImage: 'gantry-server:1',
      optimizerImage: 'gantry-optimizer:1',
      trainerImage: undefined,
      exporterImage: undefined,
      pullPolicy: 'IfNotPresent',
      imagePullSecrets: [],
      allowFileSources: false,
      allowHttpCredentials: false,
      allowPrivateSources: true,
      imports: defaultImportConfig,
      evaluations: defaultEvaluationConfig,
      tracing: undefined,
      podTemplate: defaultPodTemplateAllow,
      maxReplicas: 100,
      fleet: { maxModels: 3, maxFailed: 0 },
      operatorNamespace: 'gantry-system',
      triggerAuthentications: [],
    },
    cost: undefined,
    customMetrics: undefined,
    gatewayApi: false,
    keda: false,
    pod: undefined,
    identity: 'me',
    release: 'gantry',
    manager: 'gantry-system/gantry',
    operatorNamespace: 'gantry-system',
    watchNamespace: undefined,
    leaderElection: true,
    httpPort: 8080,
    logLevel: 'info',
    workers: 4,
    resyncSeconds: 600,
  })
})

test('every key is read', () => {
  const config = loadConfig(
    {
      ...valid,
      TRAINER_IMAGE: 'gantry-trainer:1',
      EXPORTER_IMAGE: 'gantry-exporter:1',
      SERVER_IMAGE_PULL_POLICY: 'Always',
      IMAGE_PULL_SECRETS: 'one, two,',
      ALLOW_FILE_SOURCES: 'true',
      ALLOW_HTTP_CREDENTIALS: 'true',
      ALLOW_PRIVATE_SOURCES: 'false',
      IMPORT_RESOURCES: '{"requests":{"cpu":1},"limits":{"memory":"2Gi"}}',
      IMPORT_HTTPS_PROXY: 'http://proxy.example:3128/',
      IMPORT_NO_PROXY: '.svc, 10.0.0.0/8,*',
      IMPORT_CA_BUNDLE: 'company-ca/bundle.pem',
      IMPORT_HUGGING_FACE_ENDPOINT: 'https://artifacts.example/api/huggingface/',
      IMPORT_PLAIN_HTTP_REGISTRIES: 'registry.example:5000, [fd00::7]:5000,10.0.0.7',
      TRACING_ENDPOINT: 'http://collector:4318',
      TRACING_SAMPLE_RATE: '0.1',
      POD_TEMPLATE_ALLOW: '{"labels":["team"]}',
      MAX_REPLICAS: '7',
      COST_ENABLED: 'true',
      COST_CONFIG_MAP: 'prices',
      COST_INTERVAL_SECONDS: '5',
      POD_NAME: 'gantry-0',
      WATCH_NAMESPACE: 'shop',
      LEADER_ELECTION: 'false',
      HTTP_PORT: '9090',
      LOG_LEVEL: 'debug',
      WORKERS: '8',
      RESYNC_SECONDS: '60',
    },
    'me',
  )
  assert.deepEqual(config.reconcile.imagePullSecrets, ['one', 'two'])
  assert.equal(config.reconcile.trainerImage, 'gantry-trainer:1')
  assert.equal(config.reconcile.exporterImage, 'gantry-exporter:1')
  assert.equal(config.reconcile.pullPolicy, 'Always')
  assert.equal(config.reconcile.allowFileSources, true)
  assert.equal(config.reconcile.allowHttpCredentials, true)
  assert.equal(config.reconcile.allowPrivateSources, false)
  assert.deepEqual(config.reconcile.imports.resources, { requests: { cpu: 1 }, limits: { memory: '2Gi' } })
  assert.deepEqual(config.reconcile.imports.proxy, {
    https: 'http://proxy.example:3128',
    http: undefined,
    noProxy: ['.svc', '10.0.0.0/8', '*'],
  })
  assert.deepEqual(config.reconcile.imports.caBundle, { configMap: 'company-ca', key: 'bundle.pem' })
  assert.equal(config.reconcile.imports.hubEndpoint, 'https://artifacts.example/api/huggingface')
  assert.deepEqual(config.reconcile.imports.plainHttpRegistries, [
    'registry.example:5000',
    '[fd00::7]:5000',
    '10.0.0.7',
  ])
  assert.deepEqual(config.reconcile.tracing, { endpoint: 'http://collector:4318', sampleRate: 0.1 })
  assert.deepEqual(config.reconcile.podTemplate.labels, ['team'])
  assert.equal(config.reconcile.maxReplicas, 7)
  assert.deepEqual(config.cost, { configMap: 'prices', intervalSeconds: 5 })
  assert.equal(config.identity, 'gantry-0')
  assert.equal(config.watchNamespace, 'shop')
  assert.equal(config.leaderElection, false)
  assert.deepEqual(
    [config.httpPort, config.logLevel, config.workers, config.resyncSeconds],
    [9090, 'debug', 8, 60],
  )
})

test('empty is unset, as a chart writes it', () => {
  const config = loadConfig({ ...valid, WATCH_NAMESPACE: '', IMAGE_PULL_SECRETS: '', LOG_LEVEL: '' }, 'me')
  assert.equal(config.watchNamespace, undefined)
  assert.deepEqual(config.reconcile.imagePullSecrets, [])
  assert.equal(config.logLevel, 'info')
})

test('one error names every key that is missing or wrong', () => {
  const wrong = {
    SERVER_IMAGE_PULL_POLICY: 'Sometimes',
    WATCH_NAMESPACE: 'a,b',
    LEADER_ELECTION: 'yes',
    HTTP_PORT: '70000',
    LOG_LEVEL: 'loud',
    WORKERS: '0',
    TRACING_ENDPOINT: 'collector:4318',
    TRACING_SAMPLE_RATE: '2',
    IMPORT_HTTPS_PROXY: 'http://me:secret@proxy:3128',
    IMPORT_HTTP_PROXY: 'socks5://proxy:1080',
    IMPORT_NO_PROXY: 'a b',
    IMPORT_CA_BUNDLE: 'company-ca',
    IMPORT_HUGGING_FACE_ENDPOINT: 'https://me:secret@hub.example',
    IMPORT_PLAIN_HTTP_REGISTRIES: 'http://registry.example',
    IMPORT_RESOURCES: '{"requests":{"memory":"2Gi"},"limits":{"memory":"1Gi"}}',
    RESYNC_SECONDS: '1e3',
    POD_TEMPLATE_ALLOW: '{"labels":"*"}',
    MAX_REPLICAS: '0',
    COST_ENABLED: 'maybe',
    COST_INTERVAL_SECONDS: '4',
  }
  assert.throws(
    () => loadConfig(wrong, 'me'),
    ({ message }: Error) =>
      [...Object.keys(wrong), 'SERVER_IMAGE', 'OPTIMIZER_IMAGE', 'POD_NAMESPACE'].every((key) =>
        message.includes(`\n- ${key} `),
      ),
  )
})

test('it cannot be changed', () => {
  const config = loadConfig(valid, 'me')
  assert.throws(() => Object.assign(config.reconcile, { serverImage: 'x' }), TypeError)
  assert.throws(() => Object.assign(config, { workers: 1 }), TypeError)
})
