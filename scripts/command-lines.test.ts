/** What the operator writes for the inference server, read by the inference server itself: command lines, settings and documents. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import {
  commands,
  importOptions,
  optimizerOptions,
  requestArguments,
  serveOptions,
} from '../contract/commands.ts'
import { isServerSettings } from '../contract/documents.ts'
import { type ServerSettings, settingsFile } from '../contract/server.ts'
import { loadConfig } from '../inference-server/src/config/config.ts'
import { usage as serveUsage } from '../inference-server/src/config/serve-options.ts'
import { readOptions as readEvaluateOptions } from '../inference-server/src/evaluation/options.ts'
import { usage as importUsage, readOptions } from '../inference-server/src/import/command/options.ts'
import { readOptions as readSamplesOptions } from '../inference-server/src/samples/options.ts'
import type { ReconcileConfig } from '../operator/src/modeldeployment/config.ts'
import { desired } from '../operator/src/modeldeployment/desired/index.ts'
import { settingsOf } from '../operator/src/modeldeployment/desired/settings.ts'
import type { ModelDeployment, Version } from '../operator/src/modeldeployment/model-deployment.ts'
import { type Draft, testConfig } from '../operator/src/testing/cluster.ts'
import { modelDeployment } from '../operator/src/testing/model-deployment.ts'

const folder = mkdtempSync(join(tmpdir(), 'command-lines-'))
after(() => rmSync(folder, { recursive: true }))

const version: Version = {
  ...{ id: 'v_20261123_100001', revision: '0'.repeat(16), source: 'https://models.example' },
  ...{
    digest: `sha256:${'0'.repeat(64)}`,
    sizeBytes: 1,
    createdAt: '2026-11-23T10:00:00Z',
    phase: 'Imported',
  },
}

const everything = modelDeployment({
  spec: {
    model: {
      ...{
        task: 'text-classification',
        version: '1.4',
        labels: ['yes', 'no'],
        responses: { default: 'No.' },
      },
      source: {
        ...{ uri: 'https://models.example/m.tar', file: 'onnx/model.onnx', sha256: 'a'.repeat(64) },
        signature: { publicKey: '-----BEGIN PUBLIC KEY-----' },
      },
      sensitiveFields: ['name'],
      keep: [version.id],
    },
    serve: {
      ...{ device: 'gpu', threads: 2, timeoutSeconds: 7, drift: 'off' },
      batching: { rows: 'independent', maxRows: 8, maxDelayMs: 3, maxQueue: 9, maxTokens: 512 },
      auth: { apiKeySecretRef: { name: 'keys' } },
      requestLog: { mode: 'hashed', sampleRate: 0.5, keySecretRef: { name: 'log-keys' } },
      tls: { secretRef: { name: 'certificate' } },
    },
    storage: { import: { caBundle: { configMapRef: { name: 'authorities' } } } },
    versionHistoryLimit: 3,
  },
})
const listed = modelDeployment({
  spec: { model: { source: { uri: 'https://models.example/m', files: [{ path: 'model.onnx' }] } } },
})
const mounted = modelDeployment({ spec: { model: { source: { uri: 'pvc://claim/models/iris' } } } })
/** A model without a volume, of a hub. */
const ephemeral = modelDeployment({
  spec: {
    model: { source: { uri: 'hf://acme/encoder@main', secretRef: { name: 'hub' } } },
    storage: { mode: 'Ephemeral' },
  },
})
const again = {
  ...{ ...version, sourceRevision: 'e'.repeat(40) },
  importedFrom: ephemeral.spec.model.source,
}
const open: ReconcileConfig = { ...testConfig, allowHttpCredentials: true, allowPrivateSources: true }
const strict: ReconcileConfig = { ...testConfig, allowHttpCredentials: false, allowPrivateSources: false }
const inRegistry = modelDeployment({ spec: { model: { source: { uri: 'oci://registry.example/m:1' } } } })
const plain: ReconcileConfig = {
  ...testConfig,
  imports: { ...testConfig.imports, plainHttpRegistries: ['registry.example', 'other:5000'] },
}

const encrypted = modelDeployment({
  spec: { storage: { encryptionKeySecretRef: { name: 'model-keys', key: 'k1' } } },
})
/** Its settings have a member of their own. */
const sealed: Version = { ...version, encryptionKey: 'k1', recordDigest: `sha256:${'0'.repeat(64)}` }

const find = (kind: string, model: ModelDeployment, config: ReconcileConfig, rewraps = false): Draft =>
  desired(model, config, {
    imports: { attempt: 0, keep: [version.id], rewraps },
    serves: { version, settings: settingsOf(model, sealed), replicas: { owner: 'spec', count: 1 } },
  }).find((object) => object.kind === kind)
const argumentsOf = (kind: string, model = everything, config = open): readonly string[] =>
  find(kind, model, config).spec.template.spec.containers[0].args

const optimized: ModelDeployment = {
  ...everything,
  spec: {
    ...everything.spec,
    optimize: {
      ...{ distill: { layers: 0.5 }, graph: 'all', prune: { method: 'structured', heads: true } },
      quantize: 'int4',
      dataset: { uri: 'https://data.example/samples.jsonl' },
    },
  },
}

const exported: ModelDeployment = {
  ...everything,
  spec: { ...everything.spec, optimize: { export: { missingValues: false } } },
}

/** A container of the Job that optimizes. */
const stepOf = (name: string, model = optimized, parent = version): Draft => {
  const optimization = { parent, revision: '0123456789abcdef' }
  const optimizes = { attempt: 0, keep: [version.id], optimization }
  const job: Draft = desired(model, open, { optimizes }).find(({ kind }) => kind === 'Job')
  const { initContainers, containers } = job.spec.template.spec
  return [...initContainers, ...containers].find((one: Draft) => one.name === name)
}

const input: Version = { ...version, input: { format: 'scikit-learn', file: 'model.skops' } }
const exportStep = (): Draft => stepOf('export', exported, input)

/** The import of a serving pod without a volume. */
const ownImport = (): readonly string[] => {
  const serves = {
    version: again,
    settings: settingsOf(ephemeral, again),
    replicas: { owner: 'spec' as const, count: 1 },
  }
  const pods: Draft = desired(ephemeral, open, { serves }).find(({ kind }) => kind === 'Deployment')
  return pods.spec.template.spec.initContainers[0].args
}
const known = { ...ephemeral, status: { versions: [again] } }
const inBucket: ModelDeployment = {
  ...everything,
  spec: {
    ...everything.spec,
    model: {
      ...everything.spec.model,
      source: {
        ...{ uri: 's3://models/iris/', secretRef: { name: 'store' } },
        s3: { endpoint: 'https://minio.example:9000', region: 'eu-west-1', forcePathStyle: false },
      },
    },
  },
}

const imports = [
  argumentsOf('Job', everything, open),
  argumentsOf('Job', everything, strict),
  argumentsOf('Job', mounted, open),
  argumentsOf('Job', exported, open),
  argumentsOf('Job', encrypted, open),
  find('Job', encrypted, open, true).spec.template.spec.containers[0].args as readonly string[],
  argumentsOf('Job', inBucket, open),
  argumentsOf('Job', listed, open),
  argumentsOf('Job', known, open),
  ownImport(),
]
const namesOf = (args: readonly string[]): readonly string[] =>
  args.flatMap((arg) => /^--([a-z0-9-]+)/.exec(arg)?.[1] ?? [])

describe('the command line of an import Job', () => {
  test('is read as it was meant', () => {
    const [command, ...args] = imports[0] ?? []
    assert.equal(command, commands.import)
    const options = readOptions(args, {})
    assert.ok(options?.kind === 'import')
    assert.equal(options.source, 'https://models.example/m.tar')
    assert.equal(options?.task, 'text-classification')
    assert.equal(options?.label, '1.4')
    assert.equal(options?.file, 'onnx/model.onnx')
    assert.equal(options?.sha256, 'a'.repeat(64))
    assert.equal(options?.publicKey, '-----BEGIN PUBLIC KEY-----')
    assert.equal(options?.requestedBy?.name, everything.metadata.name)
    assert.match(options?.revision ?? '', /^[0-9a-f]{16}$/)
    assert.equal(options?.volume, '/models')
    assert.equal(options?.historyLimit, 3)
    assert.equal(options?.maxBytes, 10 * 2 ** 30)
    assert.deepEqual(options?.keep, [version.id])
    assert.equal(options?.caFile, '/etc/gantry-ca/ca.crt')
    assert.equal(options?.report, '/dev/termination-log')
    assert.equal(options?.allowHttpCredentials, true)
    assert.deepEqual(options?.addresses, { allowLoopback: false, allowPrivate: true })
  })

  test('names what the first import has fixed, where each pod imports by itself', () => {
    const options = readOptions(ownImport().slice(1), { GANTRY_SOURCE_HF_TOKEN: 'hf_a' })
    assert.ok(options?.kind === 'import')
    assert.deepEqual(options.naming, { id: version.id, newerThan: undefined })
    assert.equal(options.expectedDigest, version.digest)
    assert.deepEqual(options.hub, {
      ...{ endpoint: new URL('https://huggingface.co'), token: 'hf_a', pinned: 'e'.repeat(40) },
    })
    const first = readOptions(argumentsOf('Job', known).slice(1), {})
    assert.ok(first?.kind === 'import')
    assert.deepEqual(first.naming, { id: undefined, newerThan: version.id })
  })

  test('names the keys of encrypted versions, and may only exchange them', () => {
    const place = { dir: '/secrets/encryption', wrapping: 'k1' }
    for (const [at, kind] of [
      [4, 'import'],
      [5, 'rewrap'],
    ] as const) {
      const options = readOptions(imports[at]?.slice(1) ?? [], {})
      assert.ok(options?.kind === kind)
      assert.deepEqual(options.encryption, place)
    }
  })

  test('may forbid what the installation does not allow', () => {
    const options = readOptions(imports[1]?.slice(1) ?? [], {})
    assert.ok(options?.kind === 'import')
    assert.equal(options?.allowHttpCredentials, false)
    assert.equal(options.addresses.allowPrivate, false)
  })

  test('of a mounted source shows the name that the user gave it', () => {
    const options = readOptions(imports[2]?.slice(1) ?? [], {})
    assert.ok(options?.kind === 'import')
    assert.equal(options.source, 'file:///source/models/iris')
    assert.equal(options.shownAs, 'pvc://claim/models/iris')
    assert.equal(options.boundary, '/source')
  })

  test('names the files that are listed', () => {
    const options = readOptions(argumentsOf('Job', listed).slice(1), {})
    assert.ok(options?.kind === 'import')
    assert.deepEqual(options.files, [{ path: 'model.onnx' }])
  })

  test('uses every option that the contract names, and help tells of each', () => {
    const ofRegistry = argumentsOf('Job', inRegistry, plain)
    const used = new Set([...imports, ofRegistry, stepOf('commit').args].flatMap(namesOf))
    assert.deepEqual([...used].sort(), Object.keys(importOptions).sort())
    for (const name of used) assert.match(importUsage, new RegExp(`^ {2}--${name}\\b`, 'm'))
  })
})

describe('the command lines of an optimization', () => {
  test('are read as they were meant by the programs of the server', () => {
    const [command, ...args] = stepOf('commit').args
    assert.equal(command, commands.import)
    const options = readOptions(args, {})
    assert.ok(options?.kind === 'commit')
    assert.deepEqual(
      [options.folder, options.parent, options.revision, options.task, options.historyLimit],
      ['/optimization/model', version.id, '0123456789abcdef', 'text-classification', 3],
    )
    const recipe = {
      distill: { layers: 0.5, width: 1, epochs: 60, seconds: 1800, seed: 0 },
      graph: 'all',
      prune: { method: 'structured', ratio: 0.4, heads: true },
      quantize: 'int4',
    }
    assert.deepEqual(options.recipe, recipe)
    const samples = readSamplesOptions(stepOf('samples').args.slice(1))
    assert.ok(samples)
    assert.equal(samples.request.folder, `/models/${version.id}`)
    assert.equal(samples.request.dataset?.source, 'https://data.example/samples.jsonl')
    assert.deepEqual(samples.request.labels, ['yes', 'no'])
  })

  test('of an export name the model, and nothing that only a graph has', () => {
    const options = readOptions(stepOf('commit', exported, input).args.slice(1), {})
    assert.ok(options?.kind === 'commit')
    assert.deepEqual(options.recipe, { export: { missingValues: false } })
    assert.equal(options.samples, undefined)
    assert.ok(exportStep().args.includes(`--export=/models/${version.id}/model.skops`))
    const imported = readOptions(imports[3]?.slice(1) ?? [], {})
    assert.ok(imported?.kind === 'import' && imported.export)
  })

  test('use every option of the optimizer that the contract names, and the optimizer knows each', () => {
    const knownTo = (file: string) => {
      const source = readFileSync(join(import.meta.dirname, '../optimizer/gantry_optimizer', file), 'utf8')
      return [...source.matchAll(/add_argument\(\s*"--([a-z-]+)"/g)].map(([, name]) => name)
    }
    const used = namesOf(stepOf('optimize').args)
    const exporting = namesOf(exportStep().args)
    assert.deepEqual([...new Set([...used, ...exporting])].sort(), Object.keys(optimizerOptions).sort())
    for (const [names, file] of [
      [used, 'options.py'],
      [exporting, 'export/command.py'],
    ] as const)
      for (const name of names) assert.ok(knownTo(file).includes(name), `gantry-optimize has no --${name}`)
  })
})

describe('a serving pod', () => {
  const settings = find('ConfigMap', everything, open).data[settingsFile] as string
  const path = join(folder, settingsFile)
  writeFileSync(path, settings)
  const args = argumentsOf('Deployment')
  const given = args.slice(1).map((arg) => (arg.endsWith(settingsFile) ? path : arg))

  test('is started with options that the server knows, and help tells of each', () => {
    assert.equal(args[0], commands.serve)
    assert.deepEqual([...namesOf(args)].sort(), Object.keys(serveOptions).sort())
    for (const name of namesOf(args)) assert.match(serveUsage, new RegExp(`^ {2}--${name}\\b`, 'm'))
    const config = loadConfig(given, {})
    assert.ok(config !== 'help')
    assert.equal(config.drainMs, 1000)
  })

  test('has settings that are valid by the schema, with every member that it declares', () => {
    const written: unknown = JSON.parse(settings)
    assert.ok(isServerSettings(written))
    const { definitions } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../contract/documents.schema.json'), 'utf8'),
    )
    const declared = Object.keys(definitions.ServerSettings.properties)
    // A person at a terminal may also write `strict`; the CRD has no field for it.
    assert.deepEqual(Object.keys(written).sort(), declared.filter((name) => name !== 'strict').sort())
  })

  test('reads from its settings what the operator wrote', () => {
    const written = JSON.parse(settings) as ServerSettings
    const config = loadConfig(given, {})
    assert.ok(config !== 'help')
    assert.deepEqual(
      [config.dir, config.name, config.version, config.task, config.labels, config.responses],
      [written.model, written.name, written.version, written.task, written.labels, written.responses],
    )
    assert.deepEqual(
      [config.device, config.threads, config.rows, config.maxTokens],
      ['gpu', 2, 'independent', 512],
    )
    assert.deepEqual([config.apiKeys, config.tls], [written.apiKeys, written.tls])
    const { mode, keys, sampleRate, sensitiveFields } = config.requestLog
    assert.deepEqual(
      [mode, keys, sampleRate, sensitiveFields],
      ['hashed', written.requestLog?.keys, 0.5, ['name']],
    )
    assert.equal(config.limits.timeoutMs, 7000)
  })
})

test('a request of an evaluation with any number of labels reaches `evaluate`, in arguments that Linux takes', () => {
  const labels = Array.from({ length: 10_000 }, (_, index) => `😀類別 $(HOME) ${index}`.repeat(3))
  const candidate = {
    name: 'one',
    task: 'text-classification',
    source: 'https://models.example/m.tar',
    labels,
  }
  const request = { candidates: [candidate], dataset: { source: 'https://data.example' }, metric: 'accuracy' }
  const args = requestArguments({ request: JSON.stringify(request), models: '/scratch' })
  const longestBytes = Math.max(...args.map((one) => Buffer.byteLength(one)))
  assert.ok(longestBytes < 128 * 1024, `${longestBytes} bytes`)
  // An argument travels as UTF-8.
  const read = readEvaluateOptions(args.map((one) => Buffer.from(one).toString()))
  assert.deepEqual(read?.kind === 'request' && read.request, request)
})
