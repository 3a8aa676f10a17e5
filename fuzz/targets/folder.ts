/** JSON files of model folders, which strangers write: a server of them starts and answers, or says in a sentence why not. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { StartError } from '../../inference-server/src/failures/errors.ts'
import { pick } from '../../inference-server/src/testing/fuzz.ts'
import { folderServer, type TestServer } from '../../inference-server/src/testing/server.ts'
import { spoiledBytes, spoiledJson } from '../mutation.ts'
import type { Random, Target } from '../target.ts'

const golden = join(import.meta.dirname, '../../inference-server/golden/models')

/** A folder, the file of it that is spoiled, and a request that it answers as it is. */
const folders: Readonly<Record<string, { readonly files: readonly string[]; readonly request: object }>> = {
  'fill-mask': {
    files: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'],
    request: { text: 'The [MASK] sat.' },
  },
  'token-classification': {
    files: ['config.json', 'tokenizer.json'],
    request: { text: 'Ada lives in London.' },
  },
  'question-answering-roberta': {
    files: ['config.json', 'tokenizer.json'],
    request: { question: 'Who?', context: 'Ada lives in London.' },
  },
  'text-generation-llama': {
    files: ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'],
    request: { messages: [{ role: 'user', content: 'Hello' }], model: 'm', max_tokens: 3 },
  },
  'translation-t5': {
    files: ['config.json', 'generation_config.json', 'tokenizer.json'],
    request: { text: 'Hello' },
  },
  'image-classification': { files: ['config.json', 'preprocessor_config.json'], request: {} },
}

interface Case {
  readonly folder: string
  readonly file: string
  /** base64 */
  readonly content: string
}

const make = (right: ReadonlyMap<string, Buffer>, random: Random): Buffer => {
  const path = pick(random, [...right.keys()])
  const bytes = right.get(path) as Buffer
  const spoiled =
    random() < 0.2
      ? spoiledBytes(random, bytes)
      : Buffer.from(JSON.stringify(spoiledJson(random, JSON.parse(bytes.toString()))))
  const [folder = '', file = ''] = path.split('/')
  return Buffer.from(JSON.stringify({ folder, file, content: spoiled.toString('base64') } satisfies Case))
}

const ask = async (server: TestServer, folder: string): Promise<Response> => {
  const path = folder.startsWith('text-generation') ? '/v1/chat/completions' : '/predict'
  if (folder !== 'image-classification') return server.post(path, folders[folder]?.request)
  const picture = await readFile(join(golden, '../pictures/green-triangle-small.png'))
  return server.post(path, picture, { 'content-type': 'image/png' })
}

export const modelFolders: Target = {
  name: 'folder',
  rounds: 30, // each starts a server
  reaches: ['200', 'refused'],
  open: async () => {
    const root = await mkdtemp(join(tmpdir(), 'gantry-fuzz-'))
    const right = new Map<string, Buffer>()
    for (const [folder, { files }] of Object.entries(folders))
      for (const file of files) {
        const content = await readFile(join(golden, folder, file)).catch(() => undefined)
        if (content) right.set(`${folder}/${file}`, content)
      }
    let count = 0
    return {
      make: (random) => make(right, random),
      check: async (input) => {
        const { folder, file, content } = JSON.parse(input.toString()) as Case
        const dir = join(root, `${count++}`)
        await cp(join(golden, basename(folder)), dir, { recursive: true })
        await writeFile(join(dir, basename(file)), Buffer.from(content, 'base64'))
        try {
          const task = ['--task', folder.replace(/-(roberta|llama|t5)$/, '')]
          await using server = await folderServer(dir, task)
          const response = await ask(server, folder)
          const text = await response.text()
          assert.doesNotMatch(
            text,
            /its log has the cause$|the server failed to answer/,
            JSON.stringify(server.lines),
          )
          JSON.parse(text)
          return `${response.status}`
        } catch (error) {
          if (!(error instanceof StartError)) throw error
          assert.equal(error.exitCode, 1)
          return 'refused'
        } finally {
          await rm(dir, { recursive: true })
        }
      },
      [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
    }
  },
}
