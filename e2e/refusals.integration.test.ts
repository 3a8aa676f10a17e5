/** What the API server refuses about a ModelDeployment, and the sentence that its user reads. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { skipWithoutApiServer, testKubectl } from './test-cluster.ts'

type Fields = Record<string, unknown>

const uri = 'https://models.example.com/sentiment.onnx'
const source = (fields: Fields): Fields => ({ model: { task: 'tensor', source: fields } })
const model = (fields: Fields): Fields => ({ model: { task: 'tensor', source: { uri }, ...fields } })
const spec = (fields: Fields): Fields => ({ ...model({}), ...fields })
const serve = (fields: Fields): Fields => spec({ serve: fields })
const optimize = (fields: Fields, more: Fields = {}): Fields => spec({ optimize: fields, ...more })
const samples = { dataset: { uri: 'https://data.example.com/test.jsonl' } }
const autoscaling = (fields: Fields): Fields => spec({ autoscaling: fields })

interface Refusal {
  readonly what: string
  readonly spec: Fields
  readonly sentence: RegExp
  readonly name?: string
}

const refusals: readonly Refusal[] = [
  ...[{}, { graph: 'none', quantize: 'none' }, { maxAccuracyDrop: 0 }].map((recipe) => ({
    what: `an optimization that does nothing: ${JSON.stringify(recipe)}`,
    spec: optimize(recipe),
    sentence: /spec\.optimize does nothing: set graph, prune, quantize, distill or export/,
  })),
  ...[
    [{ weight: 50 }, { weight: 10 }],
    [{ weight: 10 }, { weight: 10 }],
    [{ weight: 1 }, { weight: 30 }, { weight: 20 }],
  ].map((steps) => ({
    what: `weights of a canary that do not go up: ${JSON.stringify(steps)}`,
    spec: spec({ rollout: { strategy: 'Canary', steps } }),
    sentence: /the weights of spec\.rollout\.steps must go up from step to step/,
  })),
  {
    what: 'an optimization of encrypted files',
    spec: optimize(
      { quantize: 'int8-dynamic' },
      { storage: { encryptionKeySecretRef: { name: 'model-keys', key: 'k1' } } },
    ),
    sentence:
      /spec\.optimize goes with no spec\.storage\.encryptionKeySecretRef; give the optimized model as the source/,
  },
  ...['Ephemeral', 'ImageVolume'].map((mode) => ({
    what: `encryption without a claim: ${mode}`,
    spec: {
      ...(mode === 'ImageVolume'
        ? source({ uri: 'oci://registry.example.com/models/sentiment:1' })
        : spec({})),
      storage: { mode, encryptionKeySecretRef: { name: 'model-keys', key: 'k1' } },
    },
    sentence: /spec\.storage\.encryptionKeySecretRef encrypts files on a claim/,
  })),
  {
    what: 'a Secret with keys without the one that encrypts',
    spec: spec({ storage: { encryptionKeySecretRef: { name: 'model-keys' } } }),
    sentence: /spec\.storage\.encryptionKeySecretRef\.key: Required value/,
  },
  {
    what: 'a canary of more than all requests',
    spec: spec({ rollout: { strategy: 'Canary', steps: [{ weight: 101 }] } }),
    sentence: /spec\.rollout\.steps\[0\]\.weight: Invalid value/,
  },
  {
    what: 'sessions by a header of the connection',
    spec: spec({ rollout: { strategy: 'Canary', sticky: { header: 'Host' } } }),
    sentence: /spec\.rollout\.sticky\.header names a header of one connection/,
  },
  ...(
    [
      ['text-classification', 'cosine'],
      ['feature-extraction', 'top1'],
      ['translation', 'maxAbs'],
      ['image-classification', 'text'],
    ] as const
  ).map(([task, compare]) => ({
    what: `a shadow of task ${task} that compares by ${compare}`,
    spec: {
      model: { task, source: { uri } },
      rollout: { strategy: 'Canary', shadow: { percent: 10, compare } },
    },
    sentence: /spec\.rollout\.shadow\.compare does not fit spec\.model\.task/,
  })),
  ...[
    { maxDifference: 1 },
    { maxDifference: 1, compare: 'top1' },
    { minCosine: 0.9 },
    { minCosine: 0.9, compare: 'maxAbs' },
  ].map((bounds) => ({
    what: `a bound that the comparison of a shadow does not have: ${JSON.stringify(bounds)}`,
    spec: spec({ rollout: { strategy: 'Canary', shadow: { percent: 10, ...bounds } } }),
    sentence: /spec\.rollout\.shadow\.(maxDifference|minCosine) is a bound of (numbers|vectors); set compare/,
  })),
  {
    what: 'a shadow of sessions',
    spec: spec({
      rollout: { strategy: 'Canary', sticky: { header: 'x-session' }, shadow: { percent: 10 } },
    }),
    sentence: /leave out spec\.rollout\.shadow or sticky/,
  },
  {
    what: 'a route of Gateway API for a model that is called over TLS',
    spec: spec({
      rollout: {
        ...{ strategy: 'Canary', routing: 'GatewayAPI' },
        gatewayApi: { parentRefs: [{ name: 'edge' }] },
      },
      serve: { tls: { secretRef: { name: 'certificate' } } },
    }),
    sentence: /ask the pods in the clear; leave spec\.serve\.tls out, or set routing: Gateway/,
  },
  ...[
    { steps: [{ weight: 10 }] },
    { abort: { alpha: 0.1 } },
    { maxStepSeconds: 600 },
    { shadow: { percent: 10 } },
  ].map((fields) => ({
    what: `parts of a canary without one: ${JSON.stringify(fields)}`,
    spec: spec({ rollout: { strategy: 'Rolling', ...fields } }),
    sentence: /have no effect with strategy: Rolling; leave them out, or set strategy: Canary/,
  })),
  {
    what: 'int8-static without samples to calibrate on',
    spec: optimize({ quantize: 'int8-static' }),
    sentence: /int8-static is calibrated on samples; set spec\.optimize\.dataset or spec\.evaluate/,
  },
  {
    what: 'a student without samples to learn from',
    spec: optimize({ distill: { layers: 0.5 }, quantize: 'int8-dynamic' }),
    sentence: /distill trains on samples.*set spec\.optimize\.dataset or spec\.evaluate/,
  },
  ...[{}, { epochs: 3, seed: 1 }].map((distill) => ({
    what: `a student that is not smaller: ${JSON.stringify(distill)}`,
    spec: optimize({ distill, ...samples }),
    sentence: /distill trains a smaller model: set layers, width or both/,
  })),
  ...[{ layers: 1 }, { width: 0 }].map((distill) => ({
    what: `a student of the share ${JSON.stringify(distill)}`,
    spec: optimize({ distill, ...samples }),
    sentence: /spec\.optimize\.distill\.(layers|width): Invalid value/,
  })),
  {
    what: 'a student of a model that is no classifier',
    spec: {
      model: { task: 'feature-extraction', source: { uri } },
      optimize: { distill: { width: 0.5 }, ...samples },
    },
    sentence: /distill trains students of classifiers/,
  },
  {
    what: 'an export of the winner of an evaluation',
    spec: { ...source({ evaluationRef: { name: 'intents' } }), optimize: { export: {} } },
    sentence: /candidates of a ModelEvaluation have graphs: leave spec\.optimize\.export out/,
  },
  {
    what: 'an export of a model that writes texts',
    spec: { model: { task: 'text-generation', source: { uri } }, optimize: { export: {} } },
    sentence: /makes no graph of models that write texts.*export the model with another tool/,
  },
  ...(
    [
      ['churn.skops', {}],
      ['onnx/model.onnx', { optimize: { export: {} } }],
    ] as const
  ).map(([file, more]) => ({
    what: `the file ${file} ${'optimize' in more ? 'with' : 'without'} an export`,
    spec: { ...source({ uri, file }), ...more },
    sentence: /names a \.onnx file, or with spec\.optimize\.export a file that ends with \.skops/,
  })),
  {
    what: 'samples for a model that writes texts',
    spec: { model: { task: 'translation', source: { uri } }, optimize: { quantize: 'int4', ...samples } },
    sentence: /no samples calibrate it: leave out spec\.optimize\.dataset/,
  },
  ...[{ device: 'gpu' }, { gpu: {} }].map((serve) => ({
    what: `int8 on a GPU that is not measured: ${JSON.stringify(serve)}`,
    spec: optimize({ quantize: 'int8-dynamic' }, { serve }),
    sentence: /on a GPU an int8 version is served only where it measured faster: set spec\.evaluate/,
  })),
  {
    what: 'attention heads of unstructured pruning',
    spec: optimize({ prune: { method: 'l1-unstructured', heads: true } }),
    sentence: /heads takes attention heads away and needs method: structured/,
  },
  ...[0, 1].map((ratio) => ({
    what: `a ratio of ${ratio}`,
    spec: optimize({ prune: { method: 'structured', ratio } }),
    sentence: /spec\.optimize\.prune\.ratio: Invalid value/,
  })),
  {
    what: 'an unknown number format',
    spec: optimize({ quantize: 'int3' }),
    sentence: /spec\.optimize\.quantize: Unsupported value: "int3"/,
  },
  {
    what: 'a drop in percent of an optimization',
    spec: optimize({ quantize: 'fp16', maxAccuracyDrop: 5 }),
    sentence: /spec\.optimize\.maxAccuracyDrop is a share of 1 and no percentage/,
  },
  ...[{ minAccuracy: 95 }, { maxAccuracyDrop: 5, metric: 'f1Macro' }].map((limit) => ({
    what: `a limit in percent: ${JSON.stringify(limit)}`,
    spec: spec({ evaluate: { ...samples, ...limit } }),
    sentence: /is a share of 1 and no percentage/,
  })),
  {
    what: 'samples of two sources',
    spec: optimize({ graph: 'all', dataset: { ...samples.dataset, configMapRef: { name: 'a' } } }),
    sentence: /spec\.optimize\.dataset needs exactly one of uri and configMapRef/,
  },
  { what: 'no model', spec: {}, sentence: /spec\.model: Required value/ },
  { what: 'no task', spec: { model: { source: { uri } } }, sentence: /spec\.model\.task: Required value/ },
  {
    what: 'an API key Secret without a name',
    spec: serve({ auth: {} }),
    sentence: /spec\.serve\.auth\.apiKeySecretRef: Required value/,
  },
  ...['-1', '5 EUR', '1e3', '0.0000001', 'NaN', 5].map((hourly) => ({
    what: `a budget of ${hourly}${typeof hourly === 'number' ? ' without quotes' : ''}`,
    spec: spec({ budget: { hourly } }),
    sentence: /spec\.budget\.hourly: .*(should match|expected string)/,
  })),
  {
    what: 'TLS without a Secret',
    spec: serve({ tls: {} }),
    sentence: /spec\.serve\.tls\.secretRef: Required value/,
  },
  {
    what: 'an unknown mode of the request log',
    spec: serve({ requestLog: { mode: 'all' } }),
    sentence: /spec\.serve\.requestLog\.mode: Unsupported value: "all"/,
  },
  {
    what: 'a bare off of YAML, which is false, as the mode of the request log',
    spec: serve({ requestLog: { mode: false } }),
    sentence: /spec\.serve\.requestLog\.mode.*("off"|expected string)/s,
  },
  ...['hashed', 'encrypted'].map((mode) => ({
    what: `request log mode ${mode} without keys`,
    spec: serve({ requestLog: { mode } }),
    sentence: /keySecretRef holds the keys of modes hashed and encrypted/,
  })),
  {
    what: 'keys of the request log that nothing would use',
    spec: serve({ requestLog: { mode: 'full', keySecretRef: { name: 'keys' } } }),
    sentence: /the other modes have no use for it/,
  },
  {
    what: 'a sample rate of a request log that is off',
    spec: serve({ requestLog: { mode: 'off', sampleRate: 0.5 } }),
    sentence: /sampleRate has no effect with mode: off/,
  },
  {
    what: 'a sample rate of 0',
    spec: serve({ requestLog: { mode: 'full', sampleRate: 0 } }),
    sentence: /spec\.serve\.requestLog\.sampleRate.*should be greater than 0/,
  },
  {
    what: 'sensitive fields in a log that hides nothing',
    spec: { ...model({ sensitiveFields: ['text'] }), serve: { requestLog: { mode: 'full' } } },
    sentence: /mode: full would log spec\.model\.sensitiveFields as they are/,
  },
  {
    what: 'an unknown task',
    spec: model({ task: 'speech-recognition' }),
    sentence:
      /spec\.model\.task: Unsupported value: "speech-recognition": supported values: "tensor", "text-classification", "token-classification"/,
  },
  {
    what: 'no source',
    spec: { model: { task: 'tensor' } },
    sentence: /spec\.model\.source: Required value/,
  },
  {
    what: 'an empty source',
    spec: source({}),
    sentence: /spec\.model\.source needs exactly one of uri, configMapRef and evaluationRef/,
  },
  {
    what: 'two sources',
    spec: source({ uri, configMapRef: { name: 'model' } }),
    sentence: /spec\.model\.source needs exactly one of uri, configMapRef and evaluationRef/,
  },
  {
    what: 'a source of an unknown kind',
    spec: source({ uri: 'ftp://models.example.com/m.onnx' }),
    sentence: /spec\.model\.source\.uri must be https:\/\/HOST\/PATH, .* or file:\/\/\/PATH/,
  },
  ...['hf://encoder', 'hf://acme/', 'hf://user:token@acme/encoder', 'hf://acme/encoder?x=1'].map(
    (address) => ({
      what: `a model of a hub as ${address}`,
      spec: source({ uri: address }),
      sentence: /spec\.model\.source\.uri must be .*hf:\/\/ORGANISATION\/NAME/,
    }),
  ),
  ...[
    ...[
      'oci://registry.example/Team/model:1',
      'oci://registry.example/model',
      'oci://registry.example/model:',
    ],
    ...['oci://ann:pass@registry.example/model:1', 'oci://registry.example/model@sha256:abc'],
  ].map((address) => ({
    what: `an artifact as ${address}`,
    spec: source({ uri: address }),
    sentence: /spec\.model\.source\.uri must be oci:\/\/HOST\/REPOSITORY:TAG or oci:/,
  })),
  ...['oci://registry.example/model:1', 'https://models.example/m.onnx'].map((address) => ({
    what: `an image volume of ${address}`,
    spec: { ...source({ uri: address }), storage: { mode: 'ImageVolume' } },
    sentence:
      /ImageVolume the kubelet mounts the image of the model: spec\.model\.source\.uri must be oci:\/\/HOST\/REPOSITORY@sha256:DIGEST/,
  })),
  ...['s3://', 's3://m/x', 's3://Models/x', 's3://id:key@models/x', 's3:/models/x'].map((address) => ({
    what: `a bucket as ${address}`,
    spec: source({ uri: address }),
    sentence: /spec\.model\.source\.uri must be .*s3:\/\/BUCKET\/KEY/,
  })),
  {
    what: 'the place of a bucket for another kind of source',
    spec: source({ s3: { region: 'eu-west-1' } }),
    sentence: /spec\.model\.source\.s3 says where a bucket is and needs a uri that begins with s3:\/\//,
  },
  {
    what: 'an endpoint with a path',
    spec: source({ uri: 's3://models/a', s3: { endpoint: 'https://user:key@store.example/x' } }),
    sentence: /spec\.model\.source\.s3\.endpoint/,
  },
  ...[
    {
      what: 'an optimization',
      more: { optimize: { quantize: 'fp16' } },
      sentence: /need a volume that keeps/,
    },
    {
      what: 'an evaluation',
      more: {
        evaluate: { dataset: { uri }, metric: 'accuracy' },
        model: { task: 'text-classification', source: { uri } },
      },
      sentence: /need a volume that keeps/,
    },
    {
      what: 'a winner',
      more: source({ evaluationRef: { name: 'a' } }),
      sentence: /Ephemeral takes no evaluationRef/,
    },
    ...['https://store.example/m.onnx?sig=1', 'https://me:pass@store.example/m.onnx'].map((address) => ({
      what: address,
      more: source({ uri: address }),
      sentence: /it must have no query, user or password/,
    })),
    { what: 'a class', storage: { storageClassName: 'fast' }, sentence: /makes no claim/ },
    {
      what: 'access modes',
      storage: { accessModes: ['ReadWriteMany'] },
      sentence: /makes no claim/,
    },
    {
      what: 'an account of imports',
      storage: { import: { serviceAccountName: 'reader' } },
      sentence: /set spec\.serve\.podTemplate\.serviceAccountName/,
    },
  ].map(({ what, more = {}, storage = {}, sentence }) => ({
    what: `no volume, and ${what}`,
    spec: { ...source({ uri }), storage: { mode: 'Ephemeral', ...storage }, ...more },
    sentence,
  })),
  {
    what: 'a uri without a host',
    spec: source({ uri: 'https:///m.onnx' }),
    sentence: /spec\.model\.source\.uri must be https:\/\/HOST\/PATH/,
  },
  {
    what: 'an empty uri',
    spec: source({ uri: '' }),
    sentence: /spec\.model\.source\.uri.*should be at least 1 chars long/,
  },
  ...[
    'http://store.example.com/$(GANTRY_SOURCE_db-password)',
    'https://store.example.com/m.onnx?a=$(GANTRY_SOURCE_token)',
    'https://$(GANTRY_SOURCE_token).example.com/m.onnx',
    'pvc://models/$(GANTRY_SOURCE_token)',
    'pvc://models/$$(GANTRY_SOURCE_token)',
    'file:///models/$(PATH)',
    'https://store.example.com/a b.onnx',
    'pvc://models/a b',
    ...[
      '\t',
      '\n',
      '\r',
      '\u0000',
      '\u001b[2J',
      '\u0085',
      '\u00a0',
      '\u2028',
      '\u202e',
      '\u200b',
      '\ufeff',
    ].map((letter) => `https://store.example.com/a${letter}b.onnx`),
  ].map((address) => ({
    what: `the uri ${JSON.stringify(address)}`,
    spec: source({ uri: address }),
    sentence: /spec\.model\.source\.uri must not have "\$\(", white space or control characters/,
  })),
  ...['$(HOME)/model.onnx', 'a b.onnx', 'a\nb.onnx', 'a\u202eb.onnx', '$(GANTRY_SOURCE_token).onnx'].map(
    (file) => ({
      what: `the file ${JSON.stringify(file)}`,
      spec: source({ uri, file }),
      sentence: /spec\.model\.source\.file must not have "\$\(", white space or control characters/,
    }),
  ),
  ...['$(GANTRY_SOURCE_token)', 'a$b', 'a b', 'v1\n'].map((version) => ({
    what: `the version ${JSON.stringify(version)}`,
    spec: model({ version }),
    sentence: /spec\.model\.version takes letters, digits/,
  })),
  ...['$(GANTRY_SOURCE_token)', 'a b', 'A', '../a', 'a\n', ''].map((name) => ({
    what: `a ConfigMap called ${JSON.stringify(name)}`,
    spec: source({ configMapRef: { name } }),
    sentence: /spec\.model\.source\.configMapRef\.name: Invalid value/,
  })),
  {
    what: 'a Secret whose name cannot be one',
    spec: source({ uri, secretRef: { name: '$(HOME)' } }),
    sentence: /spec\.model\.source\.secretRef\.name: Invalid value/,
  },
  ...['../model.onnx', '/model.onnx', 'onnx//model.onnx', 'weights.bin', './model.onnx'].map((file) => ({
    what: `the file ${file}`,
    spec: source({ uri, file }),
    sentence: /spec\.model\.source\.file must be the relative path of a \.onnx file in the source/,
  })),
  {
    what: 'a digest that is not one',
    spec: source({ uri, sha256: 'ABC' }),
    sentence: /sha256 must be 64 lower-case hexadecimal digits, as sha256sum prints them/,
  },
  {
    what: 'a digest of a whole claim',
    spec: source({ uri: 'pvc://models', sha256: 'a'.repeat(64) }),
    sentence: /sha256 is the digest of one file and needs a uri that .* names a file of a claim/,
  },
  ...['../up.json', '/etc/passwd', 'a\\b', '$(HOME)'].map((path) => ({
    what: `the listed file ${JSON.stringify(path)}`,
    spec: source({ uri, files: [{ path }] }),
    sentence: /spec\.model\.source\.files (needs relative paths|must not have "\$\(")/,
  })),
  {
    what: 'a listed file with a name of 300 characters',
    spec: source({ uri, files: [{ path: `${'n'.repeat(300)}.json` }] }),
    sentence: /spec\.model\.source\.files\[0\]\.path: Too long/,
  },
  {
    what: 'a file that is listed twice',
    spec: source({ uri, files: [{ path: 'a' }, { path: 'a' }] }),
    sentence: /spec\.model\.source\.files: duplicate entries for key \[path="a"\]/,
  },
  {
    what: 'listed files of a claim',
    spec: source({ uri: 'pvc://models/a', files: [{ path: 'model.onnx' }] }),
    sentence: /source\.files are beneath an address and need a uri that begins with https:/,
  },
  {
    what: 'one digest for listed files',
    spec: source({ uri, files: [{ path: 'model.onnx' }], sha256: 'a'.repeat(64) }),
    sentence: /with spec\.model\.source\.files, give each file its own sha256/,
  },
  {
    what: 'a signature by no key',
    spec: source({ uri, signature: {} }),
    sentence: /signature needs exactly one of publicKey and publicKeySecretRef/,
  },
  {
    what: 'a signature by a private key',
    spec: source({
      uri,
      signature: { publicKey: '-----BEGIN PRIVATE KEY-----\nMFkw\n-----END PRIVATE KEY-----\n' },
    }),
    sentence: /publicKey must be a public key as PEM, which begins with -----BEGIN PUBLIC KEY-----/,
  },
  {
    what: 'credentials for a source that needs none',
    spec: source({ configMapRef: { name: 'model' }, secretRef: { name: 'token' } }),
    sentence: /secretRef holds credentials for a download and needs a uri that begins with https:/,
  },
  {
    what: 'a ConfigMap without a name',
    spec: source({ configMapRef: {} }),
    sentence: /spec\.model\.source\.configMapRef\.name: Required value/,
  },
  {
    what: 'an empty label',
    spec: model({ task: 'text-classification', labels: ['good', ''] }),
    sentence: /a label of spec\.model\.labels must not be empty/,
  },
  {
    what: 'a label of spaces',
    spec: model({ task: 'text-classification', labels: ['good', '  '] }),
    sentence: /a label of spec\.model\.labels must not be empty/,
  },
  {
    what: 'labels that nothing would use',
    spec: model({ labels: ['good', 'bad'] }),
    sentence: /spec\.model\.labels name a classifier's classes and have no effect with this task/,
  },
  {
    what: 'replies that nothing would use',
    spec: model({ task: 'image-classification', responses: { default: 'Sorry.' } }),
    sentence: /spec\.model\.responses are reply templates of \/chat and have no effect with this task/,
  },
  {
    what: 'a version that cannot be a label',
    spec: model({ version: 'november 2026' }),
    sentence:
      /spec\.model\.version takes letters, digits, "-", "_" and "\.", and begins and ends with a letter/,
  },
  {
    what: 'replicas together with autoscaling',
    spec: spec({ replicas: 2, autoscaling: { maxReplicas: 3 } }),
    sentence:
      /set either spec\.replicas or spec\.autoscaling, not both; with autoscaling the replica count belongs/,
  },
  {
    what: 'a minimum above the maximum',
    spec: autoscaling({ minReplicas: 5, maxReplicas: 2 }),
    sentence: /spec\.autoscaling\.minReplicas must not exceed spec\.autoscaling\.maxReplicas/,
  },
  ...[{ minReplicas: 1 }, {}].map((fields) => ({
    what: `an idle time of a model that never sleeps: ${JSON.stringify(fields)}`,
    spec: autoscaling({ ...fields, maxReplicas: 2, idleSeconds: 60 }),
    sentence: /idleSeconds says when a model sleeps and has no effect here; it needs minReplicas: 0/,
  })),
  {
    what: 'an idle time in which a model would hardly be awake',
    spec: autoscaling({ minReplicas: 0, maxReplicas: 2, idleSeconds: 1 }),
    sentence: /idleSeconds: Invalid value: 1.*greater than or equal to 10/s,
  },
  {
    what: 'autoscaling without a maximum',
    spec: autoscaling({ minReplicas: 1 }),
    sentence: /spec\.autoscaling\.maxReplicas: Required value/,
  },
  {
    what: 'negative replicas',
    spec: spec({ replicas: -1 }),
    sentence: /spec\.replicas.*should be greater than or equal to 0/,
  },
  {
    what: 'requests that share runs in a way there is not',
    spec: serve({ batching: { rows: 'always' } }),
    sentence: /spec\.serve\.batching\.rows.*supported values: "auto", "independent", "alone"/,
  },
  {
    what: 'batches without tokens',
    spec: serve({ batching: { maxTokens: 0 } }),
    sentence: /spec\.serve\.batching\.maxTokens.*should be greater than or equal to 1/,
  },
  {
    what: 'a negative delay',
    spec: serve({ batching: { maxDelayMs: -1 } }),
    sentence: /spec\.serve\.batching\.maxDelayMs.*should be greater than or equal to 0/,
  },
  {
    what: 'negative threads',
    spec: serve({ threads: -2 }),
    sentence: /spec\.serve\.threads.*should be greater than or equal to 1/,
  },
  {
    what: 'a negative timeout',
    spec: serve({ timeoutSeconds: -30 }),
    sentence: /spec\.serve\.timeoutSeconds.*should be greater than or equal to 1/,
  },
  {
    what: 'a negative number of GPUs',
    spec: serve({ gpu: { count: -1 } }),
    sentence: /spec\.serve\.gpu\.count.*should be greater than or equal to 1/,
  },
  {
    what: 'a negative history',
    spec: spec({ versionHistoryLimit: -1 }),
    sentence: /spec\.versionHistoryLimit.*should be greater than or equal to 1/,
  },
  {
    what: 'a GPU that would never be used',
    spec: serve({ device: 'cpu', gpu: { count: 1 } }),
    sentence: /spec\.serve\.gpu would be requested but never used with device: cpu; remove one of them/,
  },
  {
    what: 'a GPU that is no extended resource',
    spec: serve({ gpu: { resource: 'memory' } }),
    sentence: /spec\.serve\.gpu\.resource must be an extended resource name such as nvidia\.com\/gpu/,
  },
  {
    what: 'a quantity that is not one',
    spec: serve({ resources: { requests: { memory: 'plenty' } } }),
    sentence: /spec\.serve\.resources\.requests\.memory.*should match/,
  },
  {
    what: "the operator's labels on pods",
    spec: serve({ podTemplate: { labels: { 'gantry.dev/model': 'other' } } }),
    sentence: /podTemplate\.labels must not set gantry\.dev\/ or app\.kubernetes\.io\/ labels/,
  },
  {
    what: 'a size of nothing',
    spec: spec({ storage: { size: '0' } }),
    sentence: /spec\.storage\.size must be a quantity above zero such as 20Gi/,
  },
  {
    what: 'a size that is not a quantity',
    spec: spec({ storage: { size: 'huge' } }),
    sentence: /spec\.storage\.size must be a quantity above zero such as 20Gi/,
  },
  {
    what: 'an unknown access mode',
    spec: spec({ storage: { accessModes: ['ReadOnlyMany'] } }),
    sentence: /Unsupported value: "ReadOnlyMany": supported values: "ReadWriteOnce", "ReadWriteMany"/,
  },
  {
    what: 'a field that does not exist',
    spec: spec({ replica: 2 }),
    sentence: /\.spec\.replica: field not declared in schema/,
  },
  {
    what: 'a name that cannot be a Service',
    name: '2-sentiment',
    spec: spec({}),
    sentence: /metadata\.name becomes the name of a Service: at most 46 lower-case letters, digits and "-"/,
  },
  {
    what: 'a name that leaves no room for suffixes',
    name: 'a'.repeat(47),
    spec: spec({}),
    sentence: /metadata\.name becomes the name of a Service: at most 46/,
  },
]

const namespace = 'refusals'
const object = (name: string, fields: Fields): string =>
  JSON.stringify({
    apiVersion: 'gantry.dev/v1alpha1',
    kind: 'ModelDeployment',
    metadata: { name, namespace },
    spec: fields,
  })

describe('the API server', { skip: skipWithoutApiServer }, () => {
  const kubectl = testKubectl()
  const dryRun = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-']
  const create = (text: string): void => kubectl.apply(JSON.parse(text))
  before(() => kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }))

  test('accepts the digest of one file on a claim', () => {
    const spec = source({ uri: 'pvc://models/sentiment/model.onnx', sha256: 'a'.repeat(64) })
    assert.deepEqual(kubectl.attempt(dryRun, object('digest', spec)).ok, true)
  })

  test('accepts a key that has to have signed the source', () => {
    const publicKey = '-----BEGIN PUBLIC KEY-----\nMFkw/A+=\n-----END PUBLIC KEY-----\n'
    for (const signature of [{ publicKey }, { publicKeySecretRef: { name: 'release' } }]) {
      const spec = source({ uri: 'pvc://models/sentiment', signature })
      assert.deepEqual(kubectl.attempt(dryRun, object('signed', spec)).ok, true)
    }
  })

  test('accepts the object that each of the refused ones differs from by one thing', () => {
    kubectl.run(dryRun, object('sentiment', spec({})))
    kubectl.run(dryRun, object('a'.repeat(46), spec({})))
    for (const uri of [
      'https://store.example.com/a%20b$c/%24(x)?sig=a%2Bb&x=$1#y',
      'https://b\u00fccher.example/\u6a21\u578b.onnx',
      'pvc://models/a$b/\u6a21\u578b',
      's3://my.models-1/a%20b$c#?/\u6a21\u578b',
      'hf://acme/all-MiniLM_L6.v2@refs/pr/3/onnx',
      'oci://registry.example:5000/team/my_model:v1.0',
      `oci://[fd00::7]:5000/model@sha256:${'0a'.repeat(32)}`,
    ])
      kubectl.run(dryRun, object('sentiment', source({ uri, file: 'a$b/\u6a21\u578b.onnx' })))
    const requestLog = { mode: 'encrypted', keySecretRef: { name: 'keys' }, sampleRate: 0.01 }
    const auth = { apiKeySecretRef: { name: 'keys' } }
    const sensitive = model({ sensitiveFields: ['text'] })
    kubectl.run(
      dryRun,
      object('sentiment', {
        ...sensitive,
        serve: { requestLog, auth, tls: { secretRef: { name: 'certificate' } } },
      }),
    )
    kubectl.run(dryRun, object('sentiment', sensitive))
    kubectl.run(dryRun, object('sentiment', serve({ requestLog: { mode: 'metadata', sampleRate: 0.5 } })))
  })

  for (const { what, name = 'sentiment', spec, sentence } of refusals)
    test(`refuses ${what}`, () => {
      const { ok, output } = kubectl.attempt(dryRun, object(name, spec))
      assert.equal(ok, false, 'it was accepted')
      assert.match(output, sentence)
    })

  test('fills in the defaults', () => {
    const live = JSON.parse(kubectl.run([...dryRun, '-o', 'json'], object('sentiment', spec({}))))
    assert.deepEqual(live.spec, {
      ...spec({}),
      serve: {
        batching: { maxDelayMs: 0, maxQueue: 256, maxRows: 32, rows: 'auto' },
        device: 'auto',
        drift: 'auto',
        threads: 1,
        timeoutSeconds: 30,
      },
      storage: { accessModes: ['ReadWriteOnce'], size: '10Gi' },
      suspend: false,
      versionHistoryLimit: 5,
    })
  })

  describe('once there is a volume', () => {
    const existing = (storage: Fields): string => object('existing', spec({ storage }))
    before(() => create(existing({ size: '2Gi' })))

    const change = (storage: Fields): { ok: boolean; output: string } =>
      kubectl.attempt(dryRun, existing(storage))

    test('lets it grow', () => assert.equal(change({ size: '3Gi' }).ok, true))
    test('takes another spelling of the same size', () => assert.equal(change({ size: '2048Mi' }).ok, true))
    test('lets the requested size shrink again, as after an enlargement that was refused', () =>
      assert.equal(change({ size: '1Gi' }).ok, true))
    test('refuses to keep its versions elsewhere', () =>
      assert.match(
        change({ size: '2Gi', mode: 'Ephemeral' }).output,
        /spec\.storage\.mode cannot be changed later/,
      ))
    test('refuses another StorageClass', () =>
      assert.match(
        change({ size: '2Gi', storageClassName: 'fast' }).output,
        /spec\.storage\.storageClassName cannot be changed later; delete the ModelDeployment and create it again/,
      ))
    test('refuses other access modes', () =>
      assert.match(
        change({ size: '2Gi', accessModes: ['ReadWriteMany'] }).output,
        /spec\.storage\.accessModes cannot be changed later; delete the ModelDeployment and create it again/,
      ))
  })

  test('scales through the scale subresource', () => {
    create(object('scaled', spec({ replicas: 1 })))
    kubectl.run(['scale', 'modeldeployment/scaled', '--replicas=3', '-n', namespace])
    assert.equal(kubectl.get('mdl', 'scaled', namespace)?.['spec'].replicas, 3)
  })
})
