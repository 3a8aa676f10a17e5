/** The program as its users start it: a process of its own. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { identity, mlp, modelFolder, slow } from '../testing/models.ts'
import { ready, serveArgs, start } from '../testing/program.ts'

test('prints one line when it is ready, everything else as JSON on stderr, and ends well on SIGTERM', async () => {
  await using folder = await modelFolder(mlp())
  await using program = start(serveArgs(folder.dir, '--drain-seconds', '0'))
  const port = await ready(program)
  assert.equal(
    program.output.stdout,
    `serving ${basename(folder.dir)} (task tensor, on CPU, for this machine only) at http://localhost:${port}\n`,
  )
  program.process.kill('SIGTERM')
  assert.equal(await program.ended, 0)
  const lines = program.output.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { message: string })
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['ready', 'draining', 'stopped'],
  )
})

test('says where it answers, and whether others reach it', async () => {
  await using folder = await modelFolder(mlp())
  for (const [host, line] of [
    ['all', /on CPU\) at http:\/\/localhost:\d+\n/],
    ['localhost', /, for this machine only\) at http:\/\/localhost:\d+\n/],
    ['127.0.0.2', /, for this machine only\) at http:\/\/127\.0\.0\.2:\d+\n/],
    ['0.0.0.0', /on CPU\) at http:\/\/localhost:\d+\n/],
  ] as const) {
    await using program = start(serveArgs(folder.dir, '--host', host, '--drain-seconds', '0'))
    await once(program.process.stdout as NodeJS.ReadableStream, 'data')
    assert.match(program.output.stdout, line)
  }
})

describe('says in one sentence why it cannot start', () => {
  const refused = async (
    args: readonly string[],
    code: number,
    sentence: RegExp,
    lines = 1,
  ): Promise<void> => {
    await using program = start(args)
    assert.equal(await program.ended, code)
    assert.match(program.output.stderr, sentence)
    assert.equal(program.output.stderr.trim().split('\n').length, lines)
    assert.equal(program.output.stdout, '')
  }

  test('no command, or an unknown one', async () => {
    await refused([], 2, /no command; use serve, import, evaluate, samples or fsck/)
    await refused(['sing'], 2, /"sing" is no command/)
  })

  test('an unknown option', () => refused(['serve', '--modle', 'x'], 2, /Unknown option '--modle'/))

  test('a folder that is not there', () => refused(serveArgs('/nowhere'), 1, /\/nowhere does not exist/))

  test('a file that is no ONNX model, by a last line without a word of it: that becomes the status of a model', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'gantry-model-'))
    await writeFile(join(dir, 'model.onnx'), 'this is no protobuf')
    await refused(
      serveArgs(dir),
      1,
      /^it begins with "this is no protobuf"\n.* cannot be served: the file is not an ONNX model, it looks like a text\n$/,
      2,
    )
    await rm(dir, { recursive: true })
  })

  test('an operator that onnxruntime does not have', async () => {
    await using folder = await modelFolder({
      ...identity('FP32'),
      nodes: [{ op: 'Unheard', inputs: ['x'], outputs: ['y'] }],
    })
    await refused(serveArgs(folder.dir), 1, /Unheard.*; operator set 17 has no Unheard; export it again/)
  })

  test('a port in use', async () => {
    const taken = createServer().listen(0)
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    await using folder = await modelFolder(mlp())
    await refused(
      ['serve', '--model', folder.dir, '--port', String(port)],
      1,
      new RegExp(`port ${port} is in use; choose another one with --port`),
    )
    await refused(
      ['serve', '--model', folder.dir, '--port', '0', '--grpc-port', String(port)],
      1,
      new RegExp(
        `port ${port} is in use; choose another one with --grpc-port, 0 for any free one, off for none`,
      ),
    )
    taken.close()
  })

  for (const host of ['0.0.0.0:9000', 'localhost/', '203.0.113.7'])
    test(`${host}, which is no address of this machine`, async () => {
      await using folder = await modelFolder(mlp())
      await refused(
        ['serve', '--model', folder.dir, '--port', '0', '--host', host],
        1,
        new RegExp(`${host} is no address of this machine; choose another one with --host, or all`),
      )
    })
})

test('onnxruntime sends nothing home: a fresh HOME stays empty', async () => {
  const home = await mkdtemp(join(tmpdir(), 'gantry-home-'))
  const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...env } = process.env
  await using folder = await modelFolder(identity('FP32'))
  await using program = start(serveArgs(folder.dir, '--name', 'm', '--drain-seconds', '0'), {
    ...env,
    HOME: home,
  })
  const port = await ready(program)
  const response = await fetch(`http://127.0.0.1:${port}/v2/models/m/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] }),
  })
  assert.equal(response.status, 200)
  program.process.kill('SIGTERM')
  assert.equal(await program.ended, 0)
  assert.deepEqual(await readdir(home, { recursive: true }), [])
  await rm(home, { recursive: true })
})

interface Answer {
  /** undefined: the port was closed. */
  readonly status: number | undefined
  readonly closes: boolean
}

/** @param agent false: a connection of its own */
const post = (port: number, agent: Agent | false): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        agent,
        path: '/v2/models/m/infer',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        response.resume()
        response.once('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, closes: response.headers.connection === 'close' }),
        )
      },
    )
    call.on('error', (error: NodeJS.ErrnoException) =>
      error.syscall === 'connect' ? resolve({ status: undefined, closes: false }) : reject(error),
    )
    call.end('{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[1]}]}')
  })

test('a drain under load loses nothing: everyone is answered and sent elsewhere until the port closes', async () => {
  await using folder = await modelFolder(slow(1))
  await using program = start(serveArgs(folder.dir, '--name', 'm', '--drain-seconds', '0.5'))
  const port = await ready(program)
  const answers: Answer[] = []
  const started = Promise.withResolvers<void>()
  const told = Promise.withResolvers<void>()
  /** Asks again and again until the port is closed. */
  const caller = async (agent: Agent | false): Promise<void> => {
    for (;;) {
      const answer = await post(port, agent)
      if (answer.status === undefined) break
      answers.push(answer)
      if (answers.length === 40) started.resolve()
      if (agent && answer.closes) told.resolve()
    }
    if (agent) agent.destroy()
  }
  const callers = Array.from({ length: 8 }, (_, index) =>
    caller(index % 2 === 0 && new Agent({ keepAlive: true, maxSockets: 1 })),
  )
  await started.promise
  program.process.kill('SIGTERM')
  await told.promise
  assert.equal((await fetch(`http://127.0.0.1:${port}/v2/health/ready`)).status, 503)
  await Promise.all(callers)
  assert.equal(await program.ended, 0)
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
})

test('a probe sees an idle server drain', async () => {
  await using folder = await modelFolder(mlp())
  await using program = start(serveArgs(folder.dir, '--drain-seconds', '3600'))
  const port = await ready(program)
  program.process.kill('SIGTERM')
  while ((await fetch(`http://127.0.0.1:${port}/v2/health/ready`)).status !== 503) await sleep(10)
})

test('a connection that asks nothing does not hold up the end', async () => {
  await using folder = await modelFolder(mlp())
  await using program = start(serveArgs(folder.dir, '--drain-seconds', '0'))
  const silent = connect(await ready(program), '127.0.0.1')
  await once(silent, 'connect')
  silent.resume()
  const cut = once(silent, 'close')
  program.process.kill('SIGTERM')
  await cut
  assert.equal(await program.ended, 0)
})
