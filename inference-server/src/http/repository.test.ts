/** Several versions in one server: what loads, what answers, and what comes and goes on request. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { json } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { startWorker } from '../sessions/model-runners.ts'
import { modelRepository, shifted, slow, type TemporaryRepository } from '../testing/models.ts'
import { repositoryServer, type TestServer, testServer } from '../testing/server.ts'
import { until } from '../testing/until.ts'
import { fakeWorker } from '../testing/worker-thread.ts'

const x = (value: number) => ({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [value] }] })

interface Answer {
  readonly model_version: string
  readonly outputs: readonly { readonly data: readonly number[] }[]
}

/** What the server makes of 100, and which version did. */
const answerOf = async (server: TestServer, version?: string): Promise<readonly unknown[]> => {
  const path = version === undefined ? '' : `/versions/${version}`
  const response = await server.post(`/v2/models/m${path}/infer`, x(100))
  assert.equal(response.status, 200, await response.clone().text())
  const { model_version, outputs } = (await response.json()) as Answer
  return [model_version, outputs[0]?.data[0]]
}

interface Entry {
  readonly name: string
  readonly version: string
  readonly state: string
  readonly reason: string
}

const index = async (server: TestServer, body: unknown = {}): Promise<readonly Entry[]> => {
  const response = await server.post('/v2/repository/index', body)
  assert.equal(response.status, 200)
  return (await response.json()) as Entry[]
}
const states = async (server: TestServer): Promise<readonly (readonly [string, string])[]> =>
  (await index(server)).map(({ version, state }) => [version, state] as const)

const change = (server: TestServer, verb: 'load' | 'unload', version?: string): Promise<Response> =>
  server.post(`/v2/repository/models/m/${verb}`, version === undefined ? {} : { parameters: { version } })
const done = async (response: Promise<Response>): Promise<unknown> => {
  const { status } = await response
  assert.equal(status, 200, await (await response).clone().text())
  return (await response).json()
}

const refusal = async (response: Promise<Response>): Promise<readonly [number, string]> => {
  const { error } = (await (await response).json()) as { error: string }
  return [(await response).status, error]
}

const three = (): Promise<TemporaryRepository> =>
  modelRepository({ 2: shifted(2), 10: shifted(10), 9: shifted(9) })

describe('what is loaded at the start', () => {
  test('the newest, by number and not by letter', async () => {
    await using folder = await three()
    await using server = await repositoryServer(folder.dir)
    assert.deepEqual(await answerOf(server), ['10', 110])
    assert.deepEqual(await states(server), [
      ['2', 'UNAVAILABLE'],
      ['9', 'UNAVAILABLE'],
      ['10', 'READY'],
    ])
    const [status, error] = await refusal(server.post('/v2/models/m/versions/2/infer', x(1)))
    assert.equal(status, 404)
    assert.match(error, /no version "2"; this server has "10"/)
  })

  test('all of them, each with workers of its own', async () => {
    await using folder = await three()
    await using server = await repositoryServer(folder.dir, ['--versions', 'all'])
    assert.deepEqual(await answerOf(server), ['10', 110])
    for (const [version, value] of [
      ['2', 102],
      ['9', 109],
    ] as const)
      assert.deepEqual(await answerOf(server, version), [version, value])
    const metadata = (await (await server.get('/v2/models/m')).json()) as { versions: unknown }
    assert.deepEqual(metadata.versions, ['2', '9', '10'])
  })

  test('those that are named, and the default beside them', async () => {
    await using folder = await three()
    await using server = await repositoryServer(folder.dir, ['--versions', '9', '--default-version', '2'])
    assert.deepEqual(await answerOf(server), ['2', 102])
    assert.deepEqual(await answerOf(server, '9'), ['9', 109])
    assert.equal((await server.get('/v2/models/m/versions/10/ready')).status, 404)
    assert.equal((await server.get('/v2/models/m/versions/9/ready')).status, 200)
  })

  test('of a volume, what an import has finished', async () => {
    await using folder = await modelRepository({
      v_20261123_101500: shifted(1),
      v_20261123_101500_2: shifted(2),
      v_20261123_101500_10: shifted(3),
      '.import-1': shifted(4),
    })
    for (const id of ['v_20261123_101500', 'v_20261123_101500_2'])
      await writeFile(join(folder.dir, id, 'metadata.json'), JSON.stringify({ id, task: 'tensor' }))
    await mkdir(join(folder.dir, 'lost+found'))
    await writeFile(join(folder.dir, 'versions.json'), '{"versions":[]}')
    await using server = await repositoryServer(folder.dir)
    assert.deepEqual(await answerOf(server), ['v_20261123_101500_2', 102])
    assert.deepEqual(
      (await index(server)).map(({ version }) => version),
      ['v_20261123_101500', 'v_20261123_101500_2'],
    )
  })

  test('what can be loaded, where one of several is broken', async () => {
    await using folder = await modelRepository({ 1: shifted(1), 2: 'this is no protobuf' })
    await using server = await repositoryServer(folder.dir, ['--versions', 'all'])
    assert.deepEqual(await answerOf(server), ['1', 101])
    const [, broken] = await index(server)
    assert.equal(broken?.state, 'UNAVAILABLE')
    assert.match(broken?.reason ?? '', /cannot be served: the file is not an ONNX model/)
    assert.ok(server.lines.some(({ level, fields }) => level === 'error' && fields['version'] === '2'))
  })

  const refused: readonly {
    readonly title: string
    readonly versions: Parameters<typeof modelRepository>[0]
    readonly args: readonly string[]
    readonly sentence: RegExp
  }[] = [
    { title: 'an empty folder', versions: {}, args: [], sentence: /holds no version of a model/ },
    {
      title: 'versions that are all broken',
      versions: { 1: 'broken' },
      args: [],
      sentence: /cannot be served: the file is not an ONNX model/,
    },
    {
      title: 'a version that is not there',
      versions: { 1: shifted(1) },
      args: ['--versions', '1,7'],
      sentence: /no version "7" in .*; it has 1/,
    },
    {
      title: 'a default that is not there',
      versions: { 1: shifted(1) },
      args: ['--default-version', '7'],
      sentence: /no version "7"/,
    },
    {
      title: 'a default that is broken, even where another version could answer',
      versions: { 1: shifted(1), 2: 'broken' },
      args: ['--versions', 'all', '--default-version', '2'],
      sentence: /cannot be served: the file is not an ONNX model/,
    },
  ]
  for (const { title, versions, args, sentence } of refused) {
    test(`refuses ${title}`, async () => {
      await using folder = await modelRepository(versions)
      await assert.rejects(repositoryServer(folder.dir, args), (error) => {
        assert.ok(error instanceof StartError)
        assert.match(error.message, sentence)
        return true
      })
    })
  }

  test('refuses the folder of one model, and one that is not there', async () => {
    await using folder = await modelRepository({ 1: shifted(1) })
    await assert.rejects(repositoryServer(join(folder.dir, '1')), /folder of one model.*--model/)
    await assert.rejects(repositoryServer(join(folder.dir, 'nowhere')), /does not exist.*--repository/)
  })
})

describe('loading and unloading', () => {
  test('a version that came after the start loads, and answers where none is named', async () => {
    await using folder = await modelRepository({ 1: shifted(1) })
    await using server = await repositoryServer(folder.dir, ['--load-unload'])
    await folder.put('2', shifted(2))
    assert.deepEqual(await done(change(server, 'load', '2')), { name: 'm', versions: ['2'], load: true })
    assert.deepEqual(await answerOf(server), ['2', 102])
    assert.deepEqual(await answerOf(server, '1'), ['1', 101])
    assert.deepEqual(await done(change(server, 'unload', '2')), { name: 'm', versions: ['2'], unload: true })
    assert.deepEqual(await answerOf(server), ['1', 101])
    assert.deepEqual(await index(server), [
      { name: 'm', version: '1', state: 'READY', reason: '' },
      { name: 'm', version: '2', state: 'UNAVAILABLE', reason: 'unloaded' },
    ])
    assert.deepEqual(
      (await index(server, { ready: true })).map(({ version }) => version),
      ['1'],
    )
  })

  test('the address may name the version as well', async () => {
    await using folder = await three()
    await using server = await repositoryServer(folder.dir, ['--load-unload'])
    await done(server.post('/v2/repository/models/m/versions/2/load', ''))
    assert.deepEqual(await answerOf(server, '2'), ['2', 102])
    await done(server.post('/v2/repository/models/m/versions/2/unload', { parameters: { version: 2 } }))
    assert.equal((await server.get('/v2/models/m/versions/2')).status, 404)
  })

  test('without a version, load looks for what the start would load, and unload takes all', async () => {
    await using folder = await modelRepository({ 1: shifted(1) })
    await using server = await repositoryServer(folder.dir, ['--load-unload'])
    await folder.put('2', shifted(2))
    assert.deepEqual(await done(change(server, 'load')), { name: 'm', versions: ['2'], load: true })
    await done(server.post('/v2/repository/models/m/unload', { parameters: { unload_dependents: false } }))
    assert.deepEqual(await states(server), [
      ['1', 'UNAVAILABLE'],
      ['2', 'UNAVAILABLE'],
    ])
  })

  test('unloading the last one leaves a server that is ready, and a model that is not', async () => {
    await using folder = await modelRepository({ 1: shifted(1) })
    await using server = await repositoryServer(folder.dir, ['--load-unload'])
    await done(change(server, 'unload', '1'))
    assert.equal((await server.get('/v2/health/ready')).status, 200)
    assert.equal((await server.get('/v2/models/m/ready')).status, 503)
    const [status, error] = await refusal(server.post('/v2/models/m/infer', x(1)))
    assert.equal(status, 503)
    assert.match(
      error,
      /no version of model "m" is loaded; load one with POST \/v2\/repository\/models\/m\/load/,
    )
    const [other, sentence] = await refusal(server.post('/v2/models/m/versions/1/infer', x(1)))
    assert.equal(other, 404)
    assert.match(sentence, /version "1" of model "m" does not answer: unloaded/)
    await done(change(server, 'load', '1'))
    assert.deepEqual(await answerOf(server), ['1', 101])
  })

  test('without its default version a server says which others there are', async () => {
    await using folder = await three()
    const args = ['--versions', 'all', '--default-version', '9', '--load-unload']
    await using server = await repositoryServer(folder.dir, args)
    await done(change(server, 'unload', '9'))
    const [status, error] = await refusal(server.post('/v2/models/m/infer', x(1)))
    assert.equal(status, 503)
    assert.match(
      error,
      /default version of model "m" is not loaded; load it with .*, or ask for one of "2", "10"/,
    )
    assert.deepEqual(await answerOf(server, '10'), ['10', 110])
  })

  test('what is unloaded twice, or was never loaded, is unloaded', async () => {
    await using folder = await three()
    await using server = await repositoryServer(folder.dir, ['--load-unload'])
    await done(change(server, 'unload', '2'))
    await done(change(server, 'unload', '10'))
    await done(change(server, 'unload', '10'))
    const told = server.lines.filter(({ message }) => message === 'a version is unloaded')
    assert.deepEqual(
      told.map(({ fields }) => fields['version']),
      ['10'],
    )
  })

  test('a load of all versions loads those that can be, and names those that cannot', async () => {
    await using folder = await modelRepository({ 1: shifted(1), 2: 'this is no protobuf', 3: shifted(3) })
    await using server = await repositoryServer(folder.dir, ['--versions', 'all', '--load-unload'])
    await done(change(server, 'unload'))
    const [status, error] = await refusal(change(server, 'load'))
    assert.equal(status, 422)
    assert.match(error, /2 cannot be served: the file is not an ONNX model.*; versions 1, 3 are loaded; move/)
    assert.deepEqual(await answerOf(server), ['3', 103])
    assert.deepEqual(await answerOf(server, '1'), ['1', 101])
  })

  test('a load that fails says why, and leaves what was there', async () => {
    await using folder = await modelRepository({ 1: shifted(1), 2: 'this is no protobuf' })
    await using server = await repositoryServer(folder.dir, ['--versions', '1', '--load-unload'])
    const [status, error] = await refusal(change(server, 'load', '2'))
    assert.equal(status, 422)
    assert.match(error, /2 cannot be served: the file is not an ONNX model/)
    assert.deepEqual(await answerOf(server), ['1', 101])
    const [, broken] = await index(server)
    assert.deepEqual([broken?.state, broken?.reason], ['UNAVAILABLE', error])
    await folder.put('2', shifted(2))
    await done(change(server, 'load', '2'))
    assert.deepEqual(await answerOf(server), ['2', 102])
  })

  test('a version whose files have changed loads anew, and one whose new files are broken stays', async () => {
    await using folder = await modelRepository({ 1: shifted(1) })
    await using server = await repositoryServer(folder.dir, ['--load-unload'])
    await folder.put('1', shifted(1000))
    await done(change(server, 'load', '1'))
    assert.deepEqual(await answerOf(server), ['1', 1100])
    await folder.put('1', 'this is no protobuf')
    const [status] = await refusal(change(server, 'load', '1'))
    assert.equal(status, 422)
    assert.deepEqual(await answerOf(server), ['1', 1100])
    const [entry] = await index(server)
    assert.equal(entry?.state, 'READY')
    assert.match(entry?.reason ?? '', /cannot be served/)
  })

  test('many loads at once of one version make one, and loads of several do not meet', async () => {
    await using folder = await three()
    let started = 0
    await using server = await repositoryServer(folder.dir, ['--load-unload'], (options) => {
      started += 1
      return startWorker(options)
    })
    const calls = ['2', '9', '2', '9', '2'].map((version) => done(change(server, 'load', version)))
    await Promise.all(calls)
    assert.equal(started, 3)
    assert.deepEqual(await answerOf(server, '2'), ['2', 102])
    assert.deepEqual(await answerOf(server, '9'), ['9', 109])
  })

  test('callers of other versions are answered while one loads and goes, and its own requests are all answered', async () => {
    await using folder = await modelRepository({ 1: shifted(1), 2: slow(10) })
    const args = ['--versions', '1', '--load-unload', '--max-rows', '1']
    await using server = await repositoryServer(folder.dir, args)
    const waiting = async (): Promise<boolean> => {
      const text = await (await server.get('/metrics')).text()
      return [
        /^gantry_queue_length\{version="2"\} [345]$/m,
        // Those that wait and the one that runs.
        /^gantry_requests_in_flight\{version="2"\} [456]$/m,
      ].every((line) => line.test(text))
    }
    let loading = true
    const statuses = new Map<number, number>()
    const caller = async (): Promise<void> => {
      while (loading) {
        const { status } = await server.post('/v2/models/m/versions/1/infer', x(1))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    }
    const callers = Array.from({ length: 4 }, caller)
    for (let round = 0; round < 2; round++) {
      await done(change(server, 'load', '2'))
      const own = Array.from({ length: 6 }, () => server.post('/v2/models/m/versions/2/infer', x(7)))
      await until(waiting)
      const unloaded = done(change(server, 'unload', '2'))
      // Requests in the queue are answered; some of the others may have come too late.
      const ends = await Promise.all(own.map(async (response) => (await response).status))
      assert.ok(ends.filter((status) => status === 200).length >= 4, ends.join())
      assert.ok(
        ends.every((status) => status === 200 || status === 404),
        ends.join(),
      )
      await unloaded
    }
    loading = false
    await Promise.all(callers)
    assert.deepEqual([...statuses.keys()], [200])
  })

  test('who has begun to send when a version goes is answered by it', async () => {
    await using folder = await modelRepository({ 1: shifted(1), 2: shifted(2) })
    await using server = await repositoryServer(folder.dir, ['--versions', 'all', '--load-unload'])
    const body = JSON.stringify(x(100))
    const sending = request(`${server.url}/v2/models/m/versions/2/infer`, {
      method: 'POST',
      headers: { 'content-length': body.length, expect: '100-continue' },
    })
    sending.flushHeaders()
    // The server says so when the head has arrived.
    await once(sending, 'continue')
    const unloaded = done(change(server, 'unload', '2'))
    await until(async () => (await states(server))[1]?.[1] === 'UNLOADING')
    assert.deepEqual(await answerOf(server), ['1', 101])
    const answered = once(sending, 'response')
    sending.end(body)
    const [response] = (await answered) as [IncomingMessage]
    const { outputs } = (await json(response)) as Answer
    assert.equal(outputs[0]?.data[0], 102)
    await unloaded
    assert.equal((await states(server))[1]?.[1], 'UNAVAILABLE')
  })

  test('a version that is asked while it loads says when to come back', async () => {
    await using folder = await modelRepository({ 1: shifted(1), 2: shifted(2) })
    const stuck = fakeWorker()
    await using server = await repositoryServer(
      folder.dir,
      ['--versions', '1', '--load-unload'],
      (options) => (options.onnxPath.includes('/2/') ? stuck : startWorker(options)),
    )
    const loading = change(server, 'load', '2')
    await until(async () => (await states(server))[1]?.[1] === 'LOADING')
    const response = await server.post('/v2/models/m/versions/2/infer', x(1))
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '1'])
    await response.arrayBuffer()
    assert.deepEqual(await answerOf(server), ['1', 101])
    stuck.say({ kind: 'load-failed', message: 'the disk is gone' })
    stuck.exit(0)
    const [status, error] = await refusal(loading)
    assert.equal(status, 422)
    assert.match(error, /the disk is gone/)
  })

  test('a server that ends while a version loads finishes that, and ends', async () => {
    await using folder = await modelRepository({ 1: shifted(1), 2: slow(1) })
    const server = await repositoryServer(folder.dir, ['--versions', '1', '--load-unload'])
    const loading = change(server, 'load', '2').catch(() => undefined)
    await until(async () => (await states(server))[1]?.[1] === 'LOADING')
    await server[Symbol.asyncDispose]()
    await loading
  })
})

test('metrics and the request log tell the versions apart', async () => {
  const lines = join(await mkdtemp(join(tmpdir(), 'gantry-log-')), 'requests')
  await using folder = await modelRepository({ 1: shifted(1), 2: shifted(2) })
  {
    const args = ['--versions', 'all', '--request-log', 'metadata', '--request-log-file', lines]
    await using server = await repositoryServer(folder.dir, args)
    await answerOf(server)
    await answerOf(server, '1')
    await answerOf(server, '1')
    assert.equal((await server.post('/v2/models/m/versions/1/infer', {})).status, 400)
    assert.equal((await server.post('/v2/models/m/versions/7/infer', x(1))).status, 404)
    const text = await (await server.get('/metrics')).text()
    for (const line of [
      'gantry_requests_total{endpoint="infer",outcome="answered",version="1"} 2',
      'gantry_requests_total{endpoint="infer",outcome="answered",version="2"} 1',
      'gantry_request_errors_total{kind="malformed",version="1"} 1',
      'gantry_request_errors_total{kind="unknown-model"} 1',
      'gantry_request_duration_seconds_count{version="1"} 2',
      'gantry_batch_rows_count{version="2"} 1',
      'gantry_queue_length{version="2"} 0',
      'gantry_model_info{model="m",version="1",task="tensor",device="cpu",rows="independent",batched="true"} 1',
      'gantry_model_info{model="m",version="2",task="tensor",device="cpu",rows="independent",batched="true"} 1',
    ])
      assert.ok(text.split('\n').includes(line), `${line} is not in\n${text}`)
    const stats = (await (await server.get('/stats')).json()) as Record<string, unknown>
    assert.equal(stats['request_count'], 5)
    assert.deepEqual(stats['errors'], { malformed: 1, 'unknown-model': 1 })
    await until(async () =>
      (await (await server.get('/metrics')).text()).includes('\ngantry_request_log_lines_total 5\n'),
    )
  }
  const versions = (await readFile(lines, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { version?: string }).version)
  assert.deepEqual(versions, ['2', '1', '1', '1', undefined])
  await rm(dirname(lines), { recursive: true })
})

describe('what is refused', () => {
  const bad: readonly { title: string; path: string; body: unknown; status: number; sentence: RegExp }[] = [
    { title: 'another model', path: 'models/q/load', body: {}, status: 404, sentence: /no model "q" here/ },
    {
      title: 'a version that is not there',
      path: 'models/m/versions/7/load',
      body: {},
      status: 404,
      sentence: /no version "7"; POST \/v2\/repository\/index/,
    },
    {
      title: 'a version that is not there, to unload',
      path: 'models/m/versions/7/unload',
      body: {},
      status: 404,
      sentence: /no version "7"/,
    },
    {
      title: 'a way out of the folder',
      path: 'models/m/versions/..%2f..%2fetc/load',
      body: {},
      status: 404,
      sentence: /no version/,
    },
    {
      title: 'two versions',
      path: 'models/m/versions/1/load',
      body: { parameters: { version: '2' } },
      status: 422,
      sentence: /address names version "1", but the body "2"/,
    },
    {
      title: 'a configuration of Triton',
      path: 'models/m/load',
      body: { parameters: { config: '{}' } },
      status: 422,
      sentence: /no parameter config/,
    },
    {
      title: 'a version that is no name',
      path: 'models/m/load',
      body: { parameters: { version: [1] } },
      status: 422,
      sentence: /version has to be the name/,
    },
    {
      title: 'parameters that are no object',
      path: 'models/m/load',
      body: { parameters: 1 },
      status: 422,
      sentence: /parameters has to be an object/,
    },
    { title: 'a list', path: 'models/m/load', body: [], status: 400, sentence: /JSON object/ },
    { title: 'no JSON', path: 'models/m/load', body: '{', status: 400, sentence: /not JSON/ },
    {
      title: 'a wrong filter',
      path: 'index',
      body: { ready: 'yes' },
      status: 422,
      sentence: /true or false/,
    },
  ]
  test('calls that are wrong, each with a sentence', async () => {
    await using folder = await modelRepository({ 1: shifted(1) })
    await using server = await repositoryServer(folder.dir, ['--load-unload'])
    for (const { title, path, body, status, sentence } of bad) {
      const [found, error] = await refusal(server.post(`/v2/repository/${path}`, body))
      assert.equal(found, status, title)
      assert.match(error, sentence, title)
    }
    const response = await server.get('/v2/repository/models/m/load')
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'])
    assert.deepEqual(await answerOf(server), ['1', 101])
  })

  test('changes, unless they are switched on; the index is there always', async () => {
    await using folder = await modelRepository({ 1: shifted(1) })
    await using closed = await repositoryServer(folder.dir)
    await using single = await testServer(shifted(1))
    for (const server of [closed, single]) {
      for (const verb of ['load', 'unload'] as const) {
        const [status, error] = await refusal(change(server, verb))
        assert.equal(status, 403)
        assert.match(error, /start it with --repository DIR --load-unload/)
      }
      assert.deepEqual(await index(server), [{ name: 'm', version: '1', state: 'READY', reason: '' }])
    }
  })

  test('callers without a key, where keys are asked for', async () => {
    const keys = await mkdtemp(join(tmpdir(), 'gantry-keys-'))
    await writeFile(join(keys, 'shop'), 'shop-0123456789abcdef')
    await using folder = await modelRepository({ 1: shifted(1) })
    await using server = await repositoryServer(folder.dir, ['--load-unload', '--api-keys', keys])
    for (const path of ['index', 'models/m/load', 'models/m/unload', 'models/m/versions/1/unload']) {
      assert.equal((await server.post(`/v2/repository/${path}`, {})).status, 401, path)
      const headers = { authorization: 'Bearer shop-0123456789abcdef' }
      assert.equal((await server.post(`/v2/repository/${path}`, {}, headers)).status, 200, path)
    }
    await rm(keys, { recursive: true })
  })
})
