import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { loadConfig } from './config.ts'
import type { ServerConfig } from './server-config.ts'

const configOf = (...args: string[]): ServerConfig => {
  const config = loadConfig(args)
  return config === 'help' ? assert.fail('asked for help') : config
}
const wrong = (...args: string[]): string => {
  try {
    loadConfig(args)
  } catch (error) {
    assert.ok(error instanceof StartError, String(error))
    assert.equal(error.exitCode, 2)
    assert.doesNotMatch(error.message, /\n/)
    return error.message
  }
  assert.fail('was not refused')
}

const settingsFile = async (settings: unknown): Promise<{ readonly path: string } & AsyncDisposable> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-settings-'))
  const path = join(dir, 'settings.json')
  await writeFile(path, typeof settings === 'string' ? settings : JSON.stringify(settings))
  return { path, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

test('a folder is enough: its name is the model’s, everything else has a default', () => {
  const config = configOf('--model', '/models/iris/')
  assert.equal(config.dir, '/models/iris')
  assert.equal(config.name, 'iris')
  assert.equal(config.task, undefined)
  assert.equal(config.port, 9000)
  assert.equal(config.grpcPort, 9001)
  assert.equal(config.device, 'auto')
  assert.deepEqual(config.limits, { maxRows: 32, maxDelayMs: 0, maxQueue: 256, timeoutMs: 30_000 })
})

test('the graph may be chosen, in a folder or by its own path', async () => {
  const chosen = configOf('--model', '/models/iris', '--file', 'onnx/model_fp16.onnx')
  assert.deepEqual([chosen.dir, chosen.file], ['/models/iris', 'onnx/model_fp16.onnx'])
  const dir = await mkdtemp(join(tmpdir(), 'gantry-model-'))
  const path = join(dir, 'iris.onnx')
  await writeFile(path, '')
  const { dir: found, file, name } = configOf('--model', path)
  assert.deepEqual([found, file, name], [dir, 'iris.onnx', 'iris'])
  assert.match(wrong('--model', path, '--file', 'iris.onnx'), /is a file already/)
  assert.match(wrong('--model', 'm', '--file', 'weights.bin'), /--file must be the path of a \.onnx file/)
  assert.match(wrong('--repository', 'm', '--file', 'a.onnx'), /--file has no effect with --repository/)
  await rm(dir, { recursive: true })
})

test('TLS has a certificate and a key, from the command line, the settings or one of each', async () => {
  assert.equal(configOf('--model', 'm').tls, undefined)
  const pair = ['--tls-cert', '/a.crt', '--tls-key', '/a.key']
  assert.deepEqual(configOf('--model', 'm', ...pair).tls, { cert: '/a.crt', key: '/a.key' })
  await using file = await settingsFile({ model: 'm', tls: { cert: '/s.crt', key: '/s.key' } })
  assert.deepEqual(configOf('--settings', file.path).tls, { cert: '/s.crt', key: '/s.key' })
  assert.equal(configOf('--settings', file.path, '--tls-key', '/a.key').tls?.key, '/a.key')
  for (const half of ['--tls-cert', '--tls-key'])
    assert.match(wrong('--model', 'm', half, '/a'), /--tls-cert and --tls-key belong together; give both/)
})

test('the settings file gives what the operator writes, and the command line wins over it', async () => {
  await using file = await settingsFile({
    name: 'intents',
    model: '/models/v_20261123_101500',
    version: 'v_20261123_101500',
    task: 'text-classification',
    labels: ['a', 'b'],
    responses: { default: 'c' },
    device: 'gpu',
    batching: { maxRows: 8, maxDelayMs: 2.5, maxQueue: 16 },
    threads: 3,
    timeoutSeconds: 7,
  })
  const config = configOf('--settings', file.path, '--max-rows', '4', '--device', 'cpu')
  assert.equal(config.dir, '/models/v_20261123_101500')
  assert.equal(config.name, 'intents')
  assert.equal(config.version, 'v_20261123_101500')
  assert.equal(config.task, 'text-classification')
  assert.deepEqual(config.labels, ['a', 'b'])
  assert.deepEqual(config.responses, { default: 'c' })
  assert.equal(config.device, 'cpu')
  assert.deepEqual(config.limits, { maxRows: 4, maxDelayMs: 2.5, maxQueue: 16, timeoutMs: 7000 })
  assert.equal(config.threads, 3)
})

test('tokens of a batch are up to the device unless someone says how many', async () => {
  assert.equal(configOf('--model', 'm').maxTokens, undefined)
  assert.equal(configOf('--model', 'm', '--max-tokens', '512').maxTokens, 512)
  await using file = await settingsFile({ model: 'm', batching: { maxTokens: 64 } })
  assert.equal(configOf('--settings', file.path).maxTokens, 64)
  assert.equal(configOf('--settings', file.path, '--max-tokens', '32').maxTokens, 32)
})

test('a folder of versions may stand in for one model', () => {
  const { dir, name, repository } = configOf('--repository', '/models/intents')
  assert.deepEqual([dir, name], ['/models/intents', 'intents'])
  assert.deepEqual(repository, { versions: 'latest', defaultVersion: undefined, loadUnload: false })
  assert.equal(configOf('--model', '/m').repository, undefined)
  const args = ['--versions', '1,2', '--default-version', '1', '--load-unload']
  assert.deepEqual(configOf('--repository', '/m', ...args).repository, {
    versions: ['1', '2'],
    defaultVersion: '1',
    loadUnload: true,
  })
})

test('a version in the settings file does not go with a folder of versions', async () => {
  await using file = await settingsFile({ version: 'v_20261123_101500' })
  assert.match(wrong('--settings', file.path, '--repository', '/m'), /--default-version/)
})

test('workers share the threads there are', () => {
  const { threads, workers } = configOf('--model', '/m', '--workers', '2')
  assert.equal(workers, 2)
  assert.ok(threads >= 1)
  assert.ok(threads <= configOf('--model', '/m').threads)
})

test('listens on this machine only, unless --host or the environment of an image says otherwise', () => {
  const hostOf = (env: NodeJS.ProcessEnv, ...args: string[]): string | undefined => {
    const config = loadConfig(['--model', 'm', ...args], env)
    return config === 'help' ? assert.fail('asked for help') : config.host
  }
  assert.equal(hostOf({}), '127.0.0.1')
  assert.equal(hostOf({ GANTRY_HOST: '' }), '127.0.0.1')
  assert.equal(hostOf({ GANTRY_HOST: 'all' }), undefined)
  assert.equal(hostOf({}, '--host', 'all'), undefined)
  assert.equal(hostOf({ GANTRY_HOST: 'all' }, '--host', '127.0.0.1'), '127.0.0.1')
})

test('names that callers may use are a list, in lower case', () => {
  assert.deepEqual(configOf('--model', 'm').allowedHosts, [])
  const config = configOf('--model', 'm', '--allowed-hosts', 'Models.example, [::2],10.0.0.1')
  assert.deepEqual(config.allowedHosts, ['models.example', '[::2]', '10.0.0.1'])
})

test('gRPC can be turned off', () => {
  assert.equal(configOf('--model', '/m', '--grpc-port', 'off').grpcPort, undefined)
})

describe('refuses in one sentence', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no model', [], /--model DIR/],
    [
      'an address, which is shown without what may be secret in it',
      ['--model', 'https://ann:hunter2@store/m.onnx?auth=hunter2'],
      /^--model https:\/\/store\/m\.onnx is an address; give it as SOURCE, without --model/,
    ],
    ['an unknown option', ['--model', '/m', '--prot', '1'], /Unknown option '--prot'; see serve --help/],
    ['an option without its value', ['--model'], /--model/],
    [
      'a stray word',
      ['--model', '/m', 'serve'],
      /Unexpected argument 'serve'; there is one SOURCE, and it stands before the options/,
    ],
    [
      'a port that is no number',
      ['--model', '/m', '--port', 'http'],
      /--port must be a whole number from 0 to 65535, not "http"/,
    ],
    ['a port beyond 65535', ['--model', '/m', '--port', '65536'], /--port/],
    [
      'a host with a port',
      ['--model', '/m', '--allowed-hosts', 'a:9000'],
      /--allowed-hosts must be names.*"a:9000"/,
    ],
    [
      'an address as a host',
      ['--model', '/m', '--allowed-hosts', 'http://a'],
      /without ports, not "http:\/\/a"/,
    ],
    [
      'no connections',
      ['--model', '/m', '--max-connections', '0'],
      /--max-connections must be a whole number from 1/,
    ],
    ['a negative number', ['--model', '/m', '--max-queue', '-1'], /--max-queue.*; see serve --help/],
    ['no rows', ['--model', '/m', '--max-rows', '0'], /--max-rows must be a whole number from 1/],
    ['no tokens', ['--model', '/m', '--max-tokens', '0'], /--max-tokens must be a whole number from 1/],
    ['half a thread', ['--model', '/m', '--threads', '0.5'], /--threads/],
    ['an empty number', ['--model', '/m', '--threads', ''], /--threads/],
    ['an unknown task', ['--model', '/m', '--task', 'sing'], /--task must be one of tensor, .*not "sing"/],
    ['an unknown device', ['--model', '/m', '--device', 'tpu'], /--device must be one of auto, gpu, cpu/],
    [
      'a log that hides nothing beside fields to hide',
      ['--model', '/m', '--request-log', 'full', '--sensitive-fields', 'text'],
      /full hides nothing/,
    ],
    ['fields to hide without a log', ['--model', '/m', '--sensitive-fields', 'text'], /no effect/],
    ['a model and its versions', ['--model', '/m', '--repository', '/r'], /exclude each other/],
    [
      'versions of one model',
      ['--model', '/m', '--versions', 'all'],
      /--versions has no effect with --model/,
    ],
    [
      'a default of one model',
      ['--model', '/m', '--default-version', '1'],
      /--default-version has no effect/,
    ],
    ['loads of one model', ['--model', '/m', '--load-unload'], /--load-unload has no effect/],
    [
      'a version without a name',
      ['--repository', '/r', '--versions', '1,,2'],
      /--versions must be all, latest/,
    ],
    [
      'all versions beside another word',
      ['--repository', '/r', '--versions', 'latest,all'],
      /--versions latest,all: latest stands alone; give all, latest, or names/,
    ],
    [
      'a name that no address carries as it is',
      ['--model', '/m', '--name', 'a b/c'],
      /--name may have letters, digits, dots, underscores and hyphens.*not "a b\/c"/,
    ],
    ['a repository without a name', ['--repository', ''], /--repository must be a text/],
    ['a settings file that is not there', ['--settings', '/nowhere.json'], /\/nowhere\.json cannot be read/],
  ]
  for (const [title, args, sentence] of cases) test(title, () => assert.match(wrong(...args), sentence))

  const files: readonly (readonly [string, unknown, RegExp])[] = [
    ['settings that are no JSON', '{', /is not JSON/],
    ['settings that are a list', [], /must hold a JSON object/],
    ['labels that are a text', { model: '/m', labels: 'a' }, /labels in the settings file/],
    ['responses that are a list', { model: '/m', responses: ['a'] }, /responses in the settings file/],
    ['a name that is a number', { model: '/m', name: 5 }, /--name must be a text, not 5/],
    ['threads that are a text', { model: '/m', threads: 'two' }, /--threads must be a whole number/],
    ['rows below one', { model: '/m', batching: { maxRows: 0 } }, /--max-rows/],
  ]
  for (const [title, settings, sentence] of files) {
    test(title, async () => {
      await using file = await settingsFile(settings)
      assert.match(wrong('--settings', file.path), sentence)
    })
  }
})

describe('traces go where the environment says', () => {
  const tracing = (env: NodeJS.ProcessEnv) => {
    const config = loadConfig(['--model', 'm'], env)
    assert.ok(config !== 'help')
    return config.tracing
  }

  test('and nowhere without it', () => {
    assert.equal(tracing({}), undefined)
    assert.equal(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }), undefined)
    assert.ok(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }))
    assert.ok(tracing({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' }))
  })

  for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
    test(`what is no address in ${name} is refused`, () => {
      for (const address of ['collector:4318', 'grpc://collector:4317', 'http://'])
        assert.throws(
          () => tracing({ [name]: address }),
          new StartError(
            `${name} is "${address}", but has to be an address such as http://collector:4318`,
            2,
          ),
        )
    })
  }
})

test('bodies in flight take a quarter of the memory, and at least two of the largest', () => {
  const { maxInFlightBytes } = configOf('--model', '/m')
  assert.ok(maxInFlightBytes >= 128 * 2 ** 20)
  assert.ok(maxInFlightBytes <= Math.max(128 * 2 ** 20, totalmem() / 4))
  assert.equal(configOf('--model', '/m', '--max-in-flight-mib', '200').maxInFlightBytes, 200 * 2 ** 20)
  assert.ok(configOf('--model', '/m', '--max-body-mib', '2048').maxInFlightBytes >= 4096 * 2 ** 20)
  assert.throws(() => configOf('--model', '/m', '--max-in-flight-mib', '127'), /from 128 to/)
})
