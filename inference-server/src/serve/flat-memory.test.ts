/** The program under load for as long as a leak needs to show: its memory after many requests is what it was after some. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { idSums, modelFolder } from '../testing/models.ts'
import { ready, serveArgs, start } from '../testing/program.ts'

const tokenizer = join(import.meta.dirname, '../../golden/models/feature-extraction')
const connections = 16
const infer = '/v2/models/m/infer'

interface Sent {
  readonly path: string
  readonly status: number
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  /** Leaves before the answer: in the middle of the body, or after it. */
  readonly leaves?: 'sending' | 'waiting'
}

const ids = { name: 'input_ids', datatype: 'INT64', shape: [1, 4], data: [2, 5, 6, 3] }
const asJson = (...inputs: readonly object[]): string => JSON.stringify({ inputs })
const json = asJson(ids)

const binary = (): Pick<Sent, 'body' | 'headers'> => {
  const { data, ...input } = ids
  const inputs = [{ ...input, parameters: { binary_data_size: 32 } }]
  const header = Buffer.from(JSON.stringify({ inputs, parameters: { binary_data_output: true } }))
  return {
    body: Buffer.concat([header, Buffer.from(BigInt64Array.from(data, BigInt).buffer)]),
    headers: { 'inference-header-content-length': String(header.length) },
  }
}

/** What callers send in turn; most of it is right. */
const traffic: readonly Sent[] = [
  ...Array.from({ length: 24 }, () => ({ path: infer, status: 200, body: json })),
  ...Array.from({ length: 12 }, () => ({ path: infer, status: 200, ...binary() })),
  { path: '/predict', status: 200, body: '{"text": "hello"}' },
  {
    path: infer,
    status: 200,
    body: json,
    headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  },
  { path: infer, status: 400, body: json.slice(0, -3) },
  { path: infer, status: 422, body: asJson({ ...ids, data: [1, 2] }) },
  { path: infer, status: 422, body: asJson() },
  { path: '/predict', status: 422, body: '{"txet": "hello"}' },
  { path: '/v2/models/other/infer', status: 404, body: json },
  { path: infer, status: 0, body: json, leaves: 'sending' },
  { path: infer, status: 0, body: json, leaves: 'waiting' },
]

const bytesOf = ({ path, body, headers = {} }: Sent): Buffer => {
  const lines = Object.entries({ host: 'localhost', 'content-type': 'application/json', ...headers })
  const head = [`POST ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)]
  const length = `content-length: ${Buffer.byteLength(body)}`
  return Buffer.concat([Buffer.from(`${[...head, length].join('\r\n')}\r\n\r\n`), Buffer.from(body)])
}

/** One caller: a connection that it keeps, without the cost of an HTTP client. */
const caller = (port: number) => {
  let socket: Socket | undefined
  const open = async (): Promise<Socket> => {
    const opened = connect(port, '127.0.0.1')
    opened.on('error', () => {})
    await once(opened, 'connect')
    return opened
  }
  const leave = (): void => {
    socket?.destroy()
    socket = undefined
  }
  /** The status of the answer, once all of it is there. */
  const answer = (from: Socket): Promise<number> =>
    new Promise((resolve, reject) => {
      let text = ''
      const onClose = (): void => reject(new Error(`the connection closed after ${text}`))
      const onData = (chunk: Buffer): void => {
        text += chunk.toString('latin1')
        const end = text.indexOf('\r\n\r\n')
        if (end < 0 || text.length < end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1])) return
        from.off('data', onData)
        from.off('close', onClose)
        if (/^connection: close/im.test(text)) leave()
        resolve(Number(text.slice(9, 12)))
      }
      from.on('data', onData)
      from.on('close', onClose)
    })
  const ask = async (request: Buffer, leaves: Sent['leaves']): Promise<number> => {
    socket ??= await open()
    if (leaves) {
      socket.write(leaves === 'sending' ? request.subarray(0, -10) : request)
      await turn()
      leave()
      return 0
    }
    socket.write(request)
    return answer(socket)
  }
  return { ask, leave }
}

/** Bytes, or a growth in MiB. */
interface Memory {
  /** What the process holds. */
  readonly resident: number
  /** What its JavaScript uses, right after garbage was collected. */
  readonly heap: number
}

const memoryOf = async (port: number): Promise<Memory> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return { resident: value('process_resident_memory_bytes'), heap: value('nodejs_heap_size_used_bytes') }
}

/** Collects garbage whenever a signal asks for it: without that the heap says when V8 collected last, not what the program keeps. */
const collector = `
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => { collect(); setImmediate(() => { collect(); process.stderr.write('collected\\n') }) })
`
const environment = {
  ...process.env,
  NODE_OPTIONS: `--max-semi-space-size=2 --max-old-space-size=48 --import=data:text/javascript,${encodeURIComponent(collector)}`,
}
const mebi = 2 ** 20

/** Whether 40,000 requests left as much as a leak does: 65 bytes each in the heap are 2.5 MiB. */
const leaks = ({ resident, heap }: Memory): boolean => resident >= 12 || heap >= 2.5

test('70,000 requests of all kinds later the process holds what it held after 30,000', async (context) => {
  await using folder = await modelFolder(idSums())
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    await cp(join(tokenizer, file), join(folder.dir, file))
  const args = serveArgs(folder.dir, '--name', 'm', '--task', 'text-classification')
  await using program = start(args, environment)
  const port = await ready(program)
  const requests = traffic.map((one) => ({ ...one, bytes: bytesOf(one) }))
  const callers = Array.from({ length: connections }, () => caller(port))
  let sent = 0
  const load = async (until: number): Promise<void> => {
    const work = callers.map(async ({ ask }) => {
      while (sent < until) {
        const one = requests[sent++ % requests.length]
        if (one) assert.equal(await ask(one.bytes, one.leaves), one.status, `${one.path} ${one.body}`)
      }
    })
    await Promise.all(work)
  }
  const memory = async (): Promise<Memory> => {
    const already = program.output.stderr.length
    program.process.kill('SIGUSR2')
    const isRunning = (): boolean => program.process.exitCode === null && program.process.signalCode === null
    while (isRunning() && !program.output.stderr.includes('collected', already)) await wait(10)
    return memoryOf(port)
  }
  /** How much more it holds after that many requests than before, in MiB. */
  const growth = async (requests: number): Promise<Memory> => {
    const before = await memory()
    await load(sent + requests)
    const after = await memory()
    const grown = (what: keyof Memory): number => (after[what] - before[what]) / mebi
    context.diagnostic(
      `grown by ${grown('resident').toFixed(1)} MiB, its heap by ${grown('heap').toFixed(1)} MiB`,
    )
    return { resident: grown('resident'), heap: grown('heap') }
  }
  await load(30_000)
  // A leak grows in every round; pages that an allocator takes late, on a busy machine, come once.
  let grown = await growth(40_000)
  for (let round = 1; round < 3 && leaks(grown); round += 1) grown = await growth(40_000)
  for (const { leave } of callers) leave()
  assert.ok(!leaks(grown), `the process has grown by ${grown.resident} MiB, its heap by ${grown.heap} MiB`)
})
