/** Translations and captions as the pipelines of Python's transformers write them (golden.json beside each model). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

const golden = (...path: string[]): string => join(import.meta.dirname, '../../golden', ...path)

interface Case {
  readonly input: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly output: readonly [Readonly<Record<string, string>>]
}

const families: readonly (readonly [model: string, task: Task])[] = [
  ['translation-marian', 'translation'],
  ['translation-beams', 'translation'],
  ['translation-t5', 'translation'],
  ['image-to-text', 'image-to-text'],
]

for (const [model, task] of families) {
  describe(`${model} writes what transformers does`, () => {
    const cases: readonly Case[] = JSON.parse(
      readFileSync(golden('models', model, 'golden.json'), 'utf8'),
    ).cases
    const bodyOf = ({ input, parameters }: Case): object =>
      task === 'translation'
        ? { text: input, parameters }
        : { image: readFileSync(golden('pictures', basename(input))).toString('base64'), parameters }
    let server: TestServer
    before(async () => {
      server = await folderServer(golden('models', model), ['--device', 'cpu'])
    })
    after(() => server[Symbol.asyncDispose]())

    test('its task is seen from its architecture', () => {
      assert.equal(server.serving.served.model.task, task)
    })

    for (const one of cases) {
      test(`${JSON.stringify(one.parameters)}: ${one.input}`, async () => {
        const answer = await server.post('/predict', bodyOf(one))
        assert.deepEqual(await answer.json(), one.output[0])
      })
    }

    test('all at once, each as on its own', async () => {
      const answers = await Promise.all(cases.map((one) => server.post('/predict', bodyOf(one))))
      for (const [index, answer] of answers.entries())
        assert.deepEqual(await answer.json(), cases[index]?.output[0])
    })

    test('several in one request', async () => {
      const plain = cases.filter(
        ({ parameters }) => JSON.stringify(parameters) === JSON.stringify(cases[0]?.parameters),
      )
      assert.ok(plain.length > 1)
      const bodies = plain.map(bodyOf) as readonly { parameters: object }[]
      const instances = bodies.map(({ parameters: _, ...instance }) => instance)
      const answer = await server.post('/predict', { instances, parameters: plain[0]?.parameters })
      assert.deepEqual(await answer.json(), { predictions: plain.map(({ output }) => output[0]) })
    })

    test('a parameter that is wrong is named', async () => {
      for (const [name, value] of Object.entries({
        max_new_tokens: 0,
        temperature: -1,
        top_p: 2,
        do_sample: 'perhaps',
        stop_strings: [''],
        forced_bos_token_id: -1,
        beams: 4,
        num_beams: 17,
        length_penalty: 'long',
        early_stopping: 'always',
        eos_token_id: [-1],
        bad_words_ids: [3],
      })) {
        const body = { ...bodyOf(cases[0] as Case), parameters: { [name]: value } }
        const answer = await server.post('/predict', body)
        assert.equal(answer.status, 422)
        assert.equal(((await answer.json()) as { field: string }).field, `parameters.${name}`)
      }
    })

    test('drawing repeats with its seed', async () => {
      const parameters = { temperature: 3, seed: 5, max_new_tokens: 16 }
      const body = { ...bodyOf(cases[0] as Case), parameters }
      const [one, other] = [await server.post('/predict', body), await server.post('/predict', body)]
      assert.deepEqual(await one.json(), await other.json())
    })
  })
}

test('what does not go with beams says so, and goes with one', async () => {
  await using server = await folderServer(golden('models', 'translation-beams'), ['--device', 'cpu'])
  const ask = async (parameters: object) => {
    const answer = await server.post('/predict', { text: 'I see a yellow cross.', parameters })
    return { status: answer.status, ...((await answer.json()) as { error?: string; field?: string }) }
  }
  assert.deepEqual(await ask({ stop_strings: ['十'] }), {
    status: 422,
    error: 'stop_strings goes with one beam, not with 4; set num_beams to 1',
    field: 'parameters.stop_strings',
  })
  assert.deepEqual(await ask({ do_sample: true, num_beams: 3 }), {
    status: 422,
    error: 'drawing goes with one beam, not with 3; set num_beams to 1',
    field: 'parameters.num_beams',
  })
  assert.equal((await ask({ stop_strings: ['十'], num_beams: 1 })).status, 200)
  assert.equal((await ask({ do_sample: true })).status, 200)
})

test('a setting of the folder that would be ignored is named', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-writing-'))
  try {
    await cp(golden('models', 'translation-beams'), dir, { recursive: true })
    await writeFile(join(dir, 'generation_config.json'), '{"num_beams": 4, "num_beam_groups": 2}')
    await assert.rejects(folderServer(dir, ['--device', 'cpu']), /sets num_beam_groups/)
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a text longer than the model reads is refused', async () => {
  await using server = await folderServer(golden('models', 'translation-marian'), ['--device', 'cpu'])
  const answer = await server.post('/predict', { text: 'red circle '.repeat(60) })
  assert.equal(answer.status, 422)
  assert.match(
    ((await answer.json()) as { error: string }).error,
    /^text has \d+ tokens, but the model reads at most 64/,
  )
})

test('a decoder without its encoder says what is missing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-writing-'))
  try {
    await cp(golden('models', 'translation-t5'), dir, {
      recursive: true,
      filter: (path) => basename(path) !== 'encoder_model.onnx',
    })
    await assert.rejects(
      folderServer(dir, ['--device', 'cpu']),
      /encoder_model\.onnx is missing, which translation needs/,
    )
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a model of one graph cannot translate, and says so', async () => {
  const folder = golden('models', 'text-generation-gpt2')
  await assert.rejects(
    folderServer(folder, ['--device', 'cpu', '--task', 'translation']),
    /decoder_model_merged\.onnx is missing, which translation needs/,
  )
})
