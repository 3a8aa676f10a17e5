/** What the pipelines of Python's transformers answer (golden.json beside each model), asked for over HTTP. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

const golden = (...path: string[]): string => join(import.meta.dirname, '../../golden', ...path)

type Json = Readonly<Record<string, unknown>>
interface Case extends Json {
  readonly input: string
  readonly parameters: Json
  readonly output: unknown
}

/** Equal, numbers within the tolerance. */
const near = (found: unknown, wanted: unknown, tolerance: number, where = 'answer'): void => {
  if (typeof wanted === 'number' && !Number.isInteger(wanted)) {
    assert.ok(Math.abs(Number(found) - wanted) <= tolerance, `${where} is ${found}, not ${wanted}`)
  } else if (typeof wanted === 'object' && wanted !== null) {
    assert.ok(typeof found === 'object' && found !== null, `${where} is ${found}`)
    assert.deepEqual(Object.keys(found), Object.keys(wanted), where)
    for (const [key, value] of Object.entries(wanted))
      near((found as Json)[key], value, tolerance, `${where}.${key}`)
  } else assert.equal(found, wanted, where)
}

interface Family {
  readonly cases: () => readonly Case[]
  readonly predict: (body: unknown) => Promise<Json>
  readonly near: (found: unknown, wanted: unknown, where: string) => void
}

/** A server of a golden model, for the tests of its task. */
const family = (task: Task, tests: (family: Family) => void, model: string = task): void => {
  describe(model, () => {
    let server: TestServer
    let file: { readonly cases: readonly Case[]; readonly tolerance: number }
    before(async () => {
      file = JSON.parse(await readFile(golden('models', model, 'golden.json'), 'utf8'))
      assert.ok(file.cases.length > 0)
      server = await folderServer(golden('models', model), ['--task', task])
    })
    after(() => server[Symbol.asyncDispose]())
    tests({
      cases: () => file.cases,
      predict: async (body) => {
        const response = await server.post('/predict', body)
        const answer = (await response.json()) as Json
        assert.equal(response.status, 200, JSON.stringify(answer))
        return answer
      },
      near: (found, wanted, where) => near(found, wanted, file.tolerance, where),
    })
  })
}

const tokenClassification = ({ cases, predict, near }: Family): void => {
  test('finds the same entities, however they are grouped', async () => {
    for (const { input: text, parameters, output } of cases()) {
      const { entities } = await predict({ text, parameters })
      near(entities, output, `${text} ${JSON.stringify(parameters)}`)
    }
  })
}
family('token-classification', tokenClassification)
family('token-classification', tokenClassification, 'token-classification-roberta')
family('token-classification', tokenClassification, 'token-classification-xlm-roberta')

const questionAnswering = ({ cases, predict, near }: Family): void => {
  test('gives the same answers, out of one window or several', async () => {
    for (const { input, parameters, output } of cases()) {
      const answer = await predict({ ...(input as unknown as Json), parameters })
      const wanted = [output].flat() as Json[]
      const found = (answer['answers'] ?? [answer]) as Json[]
      const sorted = (list: Json[]) =>
        list.map(({ answer: text, score, start, end }) => ({ text, score, start, end }))
      near(sorted(found), sorted(wanted), JSON.stringify([input, parameters]))
    }
  })
}
family('question-answering', questionAnswering)
family('question-answering', questionAnswering, 'question-answering-roberta')
family('question-answering', questionAnswering, 'question-answering-xlm-roberta')

family('feature-extraction', ({ cases, predict, near }) => {
  test('gives the same vectors in every pooling, by itself the one that the folder asks for', async () => {
    // An empty text is refused, though Python gives a vector for it.
    for (const { input: text, output, ...vectors } of cases().filter(({ input }) => input !== '')) {
      near((await predict({ text }))['embedding'], vectors['mean_normalized'], text)
      for (const pooling of ['mean', 'cls']) {
        for (const [normalize, name] of [
          [false, pooling],
          [true, `${pooling}_normalized`],
        ] as const) {
          const { embedding } = await predict({ text, parameters: { pooling, normalize } })
          near(embedding, vectors[name], `${name} of ${text}`)
        }
      }
      const { embedding } = await predict({ text, parameters: { pooling: 'none' } })
      near([embedding], output, `states of ${text}`)
    }
  })
})

const fillMask = ({ cases, predict, near }: Family): void => {
  test('puts the same words into the gaps', async () => {
    for (const { input: text, parameters, output } of cases()) {
      const { fillings } = await predict({ text, parameters })
      near(fillings, output, `${text} ${JSON.stringify(parameters)}`)
    }
  })
}
family('fill-mask', fillMask)
family('fill-mask', fillMask, 'fill-mask-roberta')
family('fill-mask', fillMask, 'fill-mask-xlm-roberta')

const textClassification = ({ cases, predict, near }: Family): void => {
  test('gives every label the same probability', async () => {
    for (const { input: text, output } of cases()) {
      const { label, probabilities } = await predict({ text })
      const wanted = output as { label: string; score: number }[]
      assert.equal(label, wanted[0]?.label, text)
      for (const one of wanted) near((probabilities as Json)[one.label], one.score, `${one.label} of ${text}`)
    }
  })
}
family('text-classification', textClassification, 'text-classification-roberta')

family('zero-shot-classification', ({ cases, predict, near }) => {
  test('ranks the labels alike, one for all or each for itself', async () => {
    for (const { input, candidate_labels, parameters, output } of cases()) {
      const texts = [input].flat()
      const wanted = [output].flat() as Json[]
      for (const [index, text] of texts.entries()) {
        const { labels, scores } = wanted[index] as Json
        near(await predict({ text, candidate_labels, parameters }), { labels, scores }, text)
      }
    }
  })
})

family('image-classification', ({ cases, predict, near }) => {
  test('gives the same labels with the same probabilities', async () => {
    // Every label comes back with its probability, so there is no top_k to ask for.
    for (const {
      input,
      parameters: { top_k: _, ...parameters },
      output,
    } of cases()) {
      const image = await readFile(golden('pictures', basename(input)), 'base64')
      const { label, probabilities } = await predict({ image, parameters })
      const wanted = output as { label: string; score: number }[]
      assert.equal(label, wanted[0]?.label, input)
      for (const one of wanted)
        near((probabilities as Json)[one.label], one.score, `${one.label} of ${input}`)
    }
  })
})

const zeroShotImageClassification = ({ cases, predict, near }: Family): void => {
  test('ranks the labels alike for a picture', async () => {
    for (const { input, candidate_labels, parameters, output } of cases()) {
      const path = golden('pictures', basename(input))
      assert.ok(existsSync(path), path)
      const image = await readFile(path, 'base64')
      const wanted = output as { label: string; score: number }[]
      const ranking = { labels: wanted.map(({ label }) => label), scores: wanted.map(({ score }) => score) }
      near(await predict({ image, candidate_labels, parameters }), ranking, input)
    }
  })
}
family('zero-shot-image-classification', zeroShotImageClassification)
family('zero-shot-image-classification', zeroShotImageClassification, 'zero-shot-image-classification-siglip')
