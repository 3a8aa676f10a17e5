/** Folders whose words take any time or memory: the server goes on answering everyone else. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { StartError } from '../failures/errors.ts'
import { ImportError } from '../failures/import-error.ts'
import { checkReadable } from '../import/model/readable.ts'
import { readTokenizer, readTokenizerHere } from '../tasks/text/tokenizer-file.ts'
import { type Program, ready, serveArgs, start } from '../testing/program.ts'

const golden = (name: string): string =>
  fileURLToPath(new URL(`../../golden/models/${name}`, import.meta.url))
const example = fileURLToPath(new URL('../../../examples/customer-service/model', import.meta.url))

type Json = Record<string, unknown>

interface Folder extends AsyncDisposable {
  readonly dir: string
}

/** A copy of a model's folder with one file changed. */
const changed = async (from: string, file: string, change: (json: Json) => Json): Promise<Folder> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-untrusted-'))
  await cp(from, dir, { recursive: true })
  const json = JSON.parse(await readFile(join(dir, file), 'utf8')) as Json
  await writeFile(join(dir, file), JSON.stringify(change(json)))
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

const withTemplate = (template: string): Promise<Folder> =>
  changed(golden('text-generation-llama'), 'tokenizer_config.json', (json) => ({
    ...json,
    chat_template: template,
  }))

const withTokenizer = (change: (json: Json) => Json): Promise<Folder> =>
  changed(example, 'tokenizer.json', change)

const endless = { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false }
const splitting = (json: Json): Json => ({
  ...json,
  pre_tokenizer: { type: 'Sequence', pretokenizers: [endless, { type: 'BertPreTokenizer' }] },
})
/** The pattern has as many ways to read it as 2 to the power of its length. */
const trap = `${'a'.repeat(40)}!`

interface Asked {
  readonly status: number
  readonly error: string
}

const ask = async (port: number, path: string, body: unknown): Promise<Asked> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  })
  return { status: response.status, error: await response.text() }
}

/** Longest time that a probe took until `ended`. */
const slowestProbe = async (port: number, ended: Promise<unknown>): Promise<number> => {
  let isOver = false
  void ended.finally(() => {
    isOver = true
  })
  let slowestMs = 0
  while (!isOver) {
    const startedMs = performance.now()
    await fetch(`http://127.0.0.1:${port}/v2/health/live`, { signal: AbortSignal.timeout(20_000) })
    slowestMs = Math.max(slowestMs, performance.now() - startedMs)
    await sleep(20)
  }
  return slowestMs
}

/** Probes would wait for minutes, or for good, if the template ran on their thread. Processors may be busy with other tests. */
const probeMs = 10_000

const refusedWhileProbed = async (
  program: Program,
  path: string,
  body: unknown,
  sentence: RegExp,
): Promise<void> => {
  const port = await ready(program)
  const asked = ask(port, path, body)
  asked.catch(() => {})
  const slowestMs = await slowestProbe(port, asked)
  const { status, error } = await asked
  assert.equal(status, 422, error)
  assert.match(error, sentence)
  assert.ok(slowestMs < probeMs, `a probe took ${slowestMs} ms`)
}

const chat = { model: 'm', max_tokens: 2, messages: [{ role: 'user', content: 'Hello' }] }

/** Program that the folder's own words would start. */
const childrenOf = async ({ process: { pid } }: Program): Promise<readonly string[]> => {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter((one) => one !== '')
}

describe('a probe is answered while', () => {
  test('a pattern tries all its ways, and the text is refused by its name; the next one is answered', async () => {
    await using folder = await withTokenizer(splitting)
    await using program = start(serveArgs(folder.dir, '--task', 'text-classification'))
    const sentence = /takes more than 2 s or \d+ MiB for text; send another text/
    await refusedWhileProbed(program, '/predict', { text: trap }, sentence)
    const port = await ready(program)
    assert.equal((await ask(port, '/predict', { text: '我的订单' })).status, 200)
    assert.equal((await ask(port, '/predict', { instances: ['a', '订单'] })).status, 200)
  })

  for (const [title, template] of [
    ['a template counts without an end', '{% for x in range(100000000) %}{% endfor %}'],
    [
      'a template writes without an end',
      '{% for x in range(9999) %}{% for y in range(9999) %}{{ x }}{% endfor %}{% endfor %}',
    ],
    [
      'a template doubles a list again and again',
      '{% set ns = namespace(l=[1, 2]) %}{% for x in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}',
    ],
  ] as const)
    test(`${title}, and the next request is answered`, async () => {
      await using folder = await withTemplate(
        `{% if messages[0].content == 'trap' %}${template}{% endif %}Hello`,
      )
      await using program = start(serveArgs(folder.dir, '--task', 'text-generation', '--name', 'm'))
      const trapped = { ...chat, messages: [{ role: 'user', content: 'trap' }] }
      await refusedWhileProbed(
        program,
        '/v1/chat/completions',
        trapped,
        /chat template (takes more than 2 s|refuses)/,
      )
      const { status, error } = await ask(await ready(program), '/v1/chat/completions', chat)
      assert.equal(status, 200, error)
    })
})

test('no process is left when the server ends', async () => {
  await using folder = await withTokenizer(splitting)
  await using program = start(serveArgs(folder.dir, '--task', 'text-classification', '--drain-seconds', '0'))
  const port = await ready(program)
  const children = await childrenOf(program)
  assert.equal(children.length, 1)
  const asked = ask(port, '/predict', { text: trap }).catch(() => undefined)
  await sleep(200)
  program.process.kill('SIGTERM')
  assert.equal(await program.ended, 0)
  await asked
  const alive = (await readdir('/proc')).filter((pid) => children.includes(pid))
  const states = await Promise.all(
    alive.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')),
  )
  assert.deepEqual(
    states.filter((state) => !/\) [ZX]/.test(state)),
    [],
  )
})

describe('a template is only a template: nothing of JavaScript or Python is in its reach', () => {
  for (const expression of [
    'messages.constructor',
    "messages.constructor.constructor('return process')()",
    "messages['constructor']",
    'messages.__proto__',
    'messages[0].__class__',
    "''.__class__.__mro__",
    'process',
    'process.env',
    'globalThis',
    'require',
    'self',
    'range.constructor',
    'namespace.__init__',
    "lipsum.__globals__['os']",
    "cycler.__init__.__globals__.os.popen('id').read()",
    "messages | map(attribute='constructor') | list",
    'messages[0].content.constructor',
    'messages[0].content.replace.constructor',
  ])
    test(expression, async () => {
      const { loadChatTemplate } = await import('../generation/chat-template.ts')
      const ending = new AbortController()
      const dir = await mkdtemp(join(tmpdir(), 'gantry-template-'))
      await writeFile(join(dir, 'chat_template.jinja'), `[{{ ${expression} }}]`)
      try {
        const template = await loadChatTemplate(dir, {}, ending.signal)
        const written = await template?.([{ role: 'user', content: 'a' }]).catch(
          (error: Error) => error.message,
        )
        assert.match(
          String(written),
          /^(\[(None|\[(None|undefined)?\])?\]$|the model's chat template refuses these messages: )/,
        )
        assert.doesNotMatch(String(written), /native code|PATH=|uid=|\[object|=>/)
      } finally {
        ending.abort()
        await rm(dir, { recursive: true })
      }
    })

  for (const statement of [
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% from 'os' import popen %}",
    "{% extends '/etc/passwd' %}",
  ])
    test(statement, async () => {
      const { loadChatTemplate } = await import('../generation/chat-template.ts')
      const ending = new AbortController()
      const dir = await mkdtemp(join(tmpdir(), 'gantry-template-'))
      await writeFile(join(dir, 'chat_template.jinja'), statement)
      await assert.rejects(
        loadChatTemplate(dir, {}, ending.signal).then((template) =>
          template?.([{ role: 'user', content: 'a' }]),
        ),
        /chat template (cannot be read|refuses these messages)/,
      )
      ending.abort()
      await rm(dir, { recursive: true })
    })
})

describe('a tokenizer in a process of its own', () => {
  test('reads as on the thread of the server, refuses what it should, and starts again after a text that takes too long', async () => {
    await using folder = await withTokenizer(splitting)
    const ending = new AbortController()
    const notices: string[] = []
    const apart = await readTokenizer({
      dir: folder.dir,
      signal: ending.signal,
      notice: (_, reason) => void notices.push(reason),
    })
    assert.deepEqual(notices, ['its pre_tokenizer has the pattern "(a+)+$"'])
    const here = await readTokenizerHere(folder.dir)
    for (const text of ['我的订单 is here', 'aaa', 'Hello, wörld! 𝄞', '[MASK] x'.repeat(300)]) {
      assert.deepEqual(await apart.idsOf(text), here.idsOf(text))
      assert.deepEqual(await apart.idsOf(text, 7), here.idsOf(text, 7))
      assert.deepEqual(await apart.pieces(text), here.pieces(text))
    }
    const asked = [apart.idsOf(trap, undefined, 'text'), apart.idsOf('aa', undefined, 'text')] as const
    await assert.rejects(asked[0] as Promise<unknown>, { kind: 'invalid', field: 'text' })
    assert.deepEqual(await asked[1], here.idsOf('aa'))
    ending.abort()
  })

  test('is not needed by tokenizers of well-known kinds', async () => {
    const models = (await readdir(golden('.'), { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    )
    let count = 0
    for (const { name } of models) {
      const file = await readTokenizer({ dir: golden(name) }).catch(() => undefined)
      if (!file) continue
      assert.ok(!(file.idsOf('a') instanceof Promise), name)
      count += 1
    }
    assert.ok(count > 15)
  })
})

describe('is refused by a sentence, when it is imported and when it is served,', () => {
  const decoder = { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: 'b' }
  test('a decoder whose pattern takes any time: it writes on the thread of HTTP', async () => {
    await using folder = await withTokenizer((json) => ({ ...json, decoder }))
    const sentence = /decoder has the pattern "\(a\+\)\+\$", which may take any time/
    await assert.rejects(readTokenizer({ dir: folder.dir }), (error) => {
      assert.ok(error instanceof StartError)
      assert.match(error.message, sentence)
      return true
    })
    await assert.rejects(checkReadable(folder.dir, 'text-classification'), (error) => {
      assert.ok(error instanceof ImportError)
      assert.equal(error.message, 'tokenizer.json is not a tokenizer that can be used')
      return true
    })
  })

  test('a template that cannot be read', async () => {
    await using folder = await withTemplate('{% for %}')
    await using program = start(serveArgs(folder.dir, '--task', 'text-generation'))
    assert.equal(await program.ended, 1)
    assert.match(program.output.stderr, /the model's chat template cannot be read/)
  })
})
