import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Progress } from '../sessions/session-messages.ts'
import { plainSettings, type WritingSettings } from '../sessions/writing-settings.ts'
import type { NamedTensors, Tensor, TensorSpec } from '../tensors/tensor.ts'
import { named } from '../testing/tensors.ts'
import { createDecoding, type Decoding } from './decoding.ts'
import type { DecoderGraph } from './graph.ts'
import type { ReadingLimits } from './reading.ts'

const vocabulary = 11
const end = 10

const spec = (name: string, datatype: TensorSpec['datatype'], shape: readonly number[]): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})

const graphOf = (masked: boolean): DecoderGraph => ({
  ids: spec('input_ids', 'INT64', [-1, -1]),
  mask: masked ? spec('attention_mask', 'INT64', [-1, -1]) : undefined,
  positions: spec('position_ids', 'INT64', [-1, -1]),
  caches: [
    {
      past: spec('past_key_values.0.key', 'FP32', [-1, 2, -1, 3]),
      present: 'present.0.key',
      axis: 2,
      ofSource: false,
    },
    {
      past: spec('past_key_values.0.value', 'FP32', [-1, 1, -1]),
      present: 'present.0.value',
      axis: 2,
      ofSource: false,
    },
  ],
  source: undefined,
  sourceMask: undefined,
  cached: undefined,
  vocabulary,
})

const numbers = ({ data }: Tensor): number[] => Array.from(data as ArrayLike<number | bigint>, Number)

/** Appends to a cache [rows, heads, tokens, width] what every element of the new columns holds. */
const appended = (past: Tensor, fresh: readonly (readonly number[])[], axis: number): Tensor => {
  const [rows = 0] = past.shape
  const tokens = past.shape[axis] as number
  const added = fresh[0]?.length ?? 0
  const heads = past.shape.slice(1, axis).reduce((product, length) => product * length, 1)
  const width = past.shape.slice(axis + 1).reduce((product, length) => product * length, 1)
  const shape = past.shape.map((length, index) => (index === axis ? tokens + added : length))
  const old = numbers(past)
  const length = tokens + added
  const data = Float32Array.from({ length: rows * heads * length * width }, (_, index) => {
    const place = index % width
    const token = Math.floor(index / width) % length
    const lane = Math.floor(index / width / length)
    if (token < tokens) return old[(lane * tokens + token) * width + place] as number
    return (fresh[Math.floor(lane / heads)]?.[token - tokens] as number) * ((lane % heads) + 1) + place
  })
  return { dtype: 'FP32', shape, data }
}

/**
 * A model whose next token depends on every token and place before it, read from its caches alone: a cache that is moved
 * wrongly, or read where the mask hides it, gives another token.
 * @param blind whether each token knows of those that come after it in the same run
 */
const toyRun =
  (log: (readonly [rows: number, tokens: number])[] = [], blind = false) =>
  async (inputs: NamedTensors): Promise<NamedTensors> => {
    const ids = inputs.get('input_ids') as Tensor
    const [rows = 0, tokens = 0] = ids.shape
    log.push([rows, tokens])
    const flat = numbers(ids)
    const fresh = Array.from({ length: rows }, (_, row) => flat.slice(row * tokens, (row + 1) * tokens))
    const places = numbers(inputs.get('position_ids') as Tensor)
    const key = appended(inputs.get('past_key_values.0.key') as Tensor, fresh, 2)
    const at = Array.from({ length: rows }, (_, row) => places.slice(row * tokens, (row + 1) * tokens))
    const value = appended(inputs.get('past_key_values.0.value') as Tensor, at, 2)
    const total = value.shape[2] as number
    const given = inputs.get('attention_mask')
    const mask = given ? numbers(given) : new Array(rows * total).fill(1)
    const logits = new Float32Array(rows * tokens * vocabulary)
    /** Sum over the first `seen` columns of a row. */
    const sumOf = (row: number, seen: number): number => {
      let sum = 0
      for (let token = 0; token < seen; token++) {
        if (mask[row * total + token] === 0) continue
        const held = (key.data[((row * 2 + 1) * total + token) * 3 + 2] as number) - 2
        const place = value.data[row * total + token] as number
        sum += (held / 2 + 1) * (place + 3)
      }
      return sum
    }
    for (let index = 0; index < rows * tokens; index++) {
      const seen = blind ? total : total - tokens + (index % tokens) + 1
      logits[index * vocabulary + (sumOf(Math.floor(index / tokens), seen) % vocabulary)] = 5
    }
    return named({
      logits: { dtype: 'FP32', shape: [rows, tokens, vocabulary], data: logits },
      'present.0.key': key,
      'present.0.value': value,
    })
  }

const both = (tokens: number): ReadingLimits => ({ alone: tokens, beside: tokens })

const prompts = [[1], [2, 3, 4], [5, 6], [7, 8, 9, 1, 2], [3, 3], [4, 1, 1, 1, 1, 1, 2]] as const
const settings = (changes: Partial<WritingSettings> = {}): WritingSettings => ({
  ...plainSettings,
  maxNewTokens: 12,
  eosIds: [end],
  ...changes,
})

const collect = () => {
  const texts = new Map<number, number[]>()
  const endings = new Map<number, string>()
  return {
    texts,
    endings,
    take: (progress: readonly Progress[]): void => {
      for (const one of progress) {
        if ('failure' in one) endings.set(one.id, one.failure)
        else if ('token' in one) {
          texts.set(one.id, [...(texts.get(one.id) ?? []), one.token])
          if (one.ending) endings.set(one.id, one.ending)
        }
      }
    },
  }
}

const finish = async (decoding: Decoding, take: (progress: readonly Progress[]) => void): Promise<void> => {
  for (let step = 0; step < 1000 && decoding.size() > 0; step++) take(await decoding.step())
  assert.equal(decoding.size(), 0)
}

/** What a row writes on its own. */
const alone = async (promptIds: readonly number[], changes: Partial<WritingSettings> = {}) => {
  const decoding = createDecoding({ graph: graphOf(true), run: toyRun() })
  const { texts, endings, take } = collect()
  decoding.join({ id: 1, promptIds, settings: settings(changes) })
  await finish(decoding, take)
  return { text: texts.get(1), ending: endings.get(1) }
}

describe('continuous batching', () => {
  test('the toy model writes different texts, some to their end', async () => {
    const written = await Promise.all(prompts.map((prompt) => alone(prompt, { maxNewTokens: 5 })))
    assert.ok(new Set(written.map(({ text }) => String(text))).size >= 5)
    assert.ok(written.some(({ ending }) => ending === 'eos'))
    assert.ok(written.some(({ ending }) => ending === 'length'))
  })

  for (const masked of [true, false]) {
    test(`rows that come and go at any step change no other row, ${masked ? 'masked' : 'without a mask'}`, async () => {
      const decoding = createDecoding({ graph: graphOf(masked), run: toyRun(), reading: both(12) })
      const { texts, endings, take } = collect()
      for (const [id, promptIds] of prompts.entries()) {
        decoding.join({ id, promptIds, settings: settings({ maxNewTokens: 12 - id }) })
        take(await decoding.step())
        take(await decoding.step())
        if (id === 3) decoding.leave(1)
      }
      await finish(decoding, take)
      for (const [id, prompt] of prompts.entries()) {
        const { text, ending } = await alone(prompt, { maxNewTokens: 12 - id })
        if (id !== 1) {
          assert.deepEqual(texts.get(id), text, `row ${id}`)
          assert.equal(endings.get(id), ending)
        } else assert.deepEqual(texts.get(1), text?.slice(0, texts.get(1)?.length))
      }
    })
  }

  test('rows of one length come together though others among them have left', async () => {
    const runs: (readonly [number, number])[] = []
    const decoding = createDecoding({ graph: graphOf(false), run: toyRun(runs) })
    const { texts, take } = collect()
    for (const id of [0, 1]) decoding.join({ id, promptIds: [id + 2, 4], settings: settings() })
    take(await decoding.step())
    // It is in the middle of a run when it leaves: its length stays behind that of the other.
    const step = decoding.step()
    decoding.leave(0)
    take(await step)
    decoding.join({ id: 2, promptIds: [9, 9], settings: settings() })
    await finish(decoding, take)
    assert.deepEqual(texts.get(1), (await alone([3, 4])).text)
    assert.deepEqual(texts.get(2), (await alone([9, 9])).text)
    assert.ok(runs.every(([rows]) => rows <= 2))
  })

  test('rows that wait together are read together, up to the tokens of one run', async () => {
    const runs: (readonly [number, number])[] = []
    const decoding = createDecoding({ graph: graphOf(true), run: toyRun(runs), reading: both(10) })
    for (const [id, promptIds] of prompts.entries()) decoding.join({ id, promptIds, settings: settings() })
    await finish(decoding, () => {})
    const prefills = runs.filter(([, tokens]) => tokens > 1)
    assert.deepEqual(prefills, [
      [3, 3],
      [2, 5],
      [1, 7],
    ])
  })

  test('those who write take turns with those who wait', async () => {
    const runs: (readonly [number, number])[] = []
    const decoding = createDecoding({ graph: graphOf(true), run: toyRun(runs), reading: both(2) })
    for (const id of [0, 1, 2]) decoding.join({ id, promptIds: [4, 4], settings: settings({ eosIds: [] }) })
    for (let step = 0; step < 5; step++) await decoding.step()
    assert.deepEqual(runs, [
      [1, 2],
      [1, 1],
      [1, 2],
      [2, 1],
      [1, 2],
    ])
  })

  describe('a long prompt', () => {
    const long = Array.from({ length: 23 }, (_, index) => 1 + ((index * 5) % 9))

    test('is read in pieces, between which the others write, and goes on as if it was read whole', async () => {
      const runs: (readonly [number, number])[] = []
      const reading = { alone: 12, beside: 4 }
      const decoding = createDecoding({ graph: graphOf(true), run: toyRun(runs), reading })
      const { texts, take } = collect()
      decoding.join({ id: 0, promptIds: [5, 6], settings: settings({ maxNewTokens: 40, eosIds: [] }) })
      take(await decoding.step())
      decoding.join({ id: 1, promptIds: long, settings: settings() })
      // The first steps of the two, and the probe whether the graph reads in pieces: 6 tokens, or 2 and 4.
      for (let step = 0; step < 13; step++) take(await decoding.step())
      const firsts = [
        [1, 2],
        [1, 1],
        [1, 6],
        [1, 2],
        [1, 4],
      ]
      const turns = new Array(5)
        .fill([
          [1, 4],
          [1, 1],
        ])
        .flat()
      assert.deepEqual(runs.slice(0, 17), [...firsts, ...turns, [1, 3], [2, 1]])
      await finish(decoding, take)
      assert.deepEqual(texts.get(1), (await alone(long)).text)
      assert.deepEqual(texts.get(0), (await alone([5, 6], { maxNewTokens: 40, eosIds: [] })).text)
    })

    test('is read in larger pieces while no other text is generated', async () => {
      const runs: (readonly [number, number])[] = []
      const decoding = createDecoding({
        graph: graphOf(true),
        run: toyRun(runs),
        reading: { alone: 12, beside: 4 },
      })
      decoding.join({ id: 1, promptIds: long, settings: settings() })
      await finish(decoding, () => {})
      assert.deepEqual(runs.slice(3, 5), [
        [1, 12],
        [1, 11],
      ])
    })

    test('is read whole where the graph would show its tokens what comes after them', async () => {
      const runs: (readonly [number, number])[] = []
      const decoding = createDecoding({ graph: graphOf(true), run: toyRun(runs, true), reading: both(4) })
      const { texts, take } = collect()
      decoding.join({ id: 1, promptIds: long, settings: settings() })
      await finish(decoding, take)
      assert.deepEqual(runs[3], [1, 23])
      assert.deepEqual(texts.get(1), (await alone(long)).text)
    })

    test('is read no further once its caller has left', async () => {
      const runs: (readonly [number, number])[] = []
      const decoding = createDecoding({ graph: graphOf(true), run: toyRun(runs), reading: both(4) })
      decoding.join({ id: 1, promptIds: long, settings: settings() })
      await decoding.step()
      decoding.leave(1)
      assert.equal(decoding.size(), 0)
      const before = runs.length
      assert.deepEqual(await decoding.step(), [])
      assert.equal(runs.length, before)
    })
  })

  describe('the caches', () => {
    /** Counts the tokens of the caches that each run gives back. */
    const counting = () => {
      let most = 0
      const run = toyRun()
      const counted = async (inputs: NamedTensors): Promise<NamedTensors> => {
        const outputs = await run(inputs)
        const [rows = 0, , tokens = 0] = outputs.get('present.0.value')?.shape ?? []
        if (rows > 1) most = Math.max(most, rows * tokens)
        return outputs
      }
      return { run: counted, most: () => most }
    }

    for (const masked of [true, false]) {
      test(`hold no more than maxTokens, and no text changes by that, ${masked ? 'masked' : 'without a mask'}`, async () => {
        const { run, most } = counting()
        const decoding = createDecoding({ graph: graphOf(masked), run, maxTokens: 30 })
        const { texts, endings, take } = collect()
        for (const [id, promptIds] of prompts.entries()) {
          decoding.join({ id, promptIds, settings: settings() })
          take(await decoding.step())
        }
        await finish(decoding, take)
        assert.ok(most() <= 30 && most() > 20, String(most()))
        for (const [id, prompt] of prompts.entries()) {
          const { text, ending } = await alone(prompt)
          assert.deepEqual(texts.get(id), text, `row ${id}`)
          assert.equal(endings.get(id), ending)
        }
      })
    }

    test('hold one text, however long it is', async () => {
      const decoding = createDecoding({ graph: graphOf(true), run: toyRun(), maxTokens: 3 })
      const { texts, take } = collect()
      for (const id of [0, 1]) decoding.join({ id, promptIds: [5, 6, 7, 8], settings: settings() })
      await finish(decoding, take)
      const { text } = await alone([5, 6, 7, 8])
      assert.deepEqual([texts.get(0), texts.get(1)], [text, text])
    })

    test('are given up by the text that came last, which is the first to go on', async () => {
      const decoding = createDecoding({ graph: graphOf(true), run: toyRun(), maxTokens: 16 })
      const long = settings({ maxNewTokens: 8, eosIds: [] })
      for (const id of [0, 1]) decoding.join({ id, promptIds: [id + 1, 4, 4], settings: long })
      for (let step = 0; step < 3; step++) await decoding.step()
      decoding.join({ id: 2, promptIds: [1], settings: long })
      const order: number[] = []
      await finish(decoding, (progress) =>
        order.push(...progress.flatMap((one) => ('ending' in one ? one.id : []))),
      )
      assert.deepEqual(order, [0, 1, 2])
    })
  })

  test('a row that left takes part in no further run', async () => {
    const runs: (readonly [number, number])[] = []
    const decoding = createDecoding({ graph: graphOf(true), run: toyRun(runs) })
    for (const id of [0, 1]) decoding.join({ id, promptIds: [id + 1], settings: settings({ eosIds: [] }) })
    await decoding.step()
    decoding.leave(0)
    assert.equal(decoding.size(), 1)
    const progress = await decoding.step()
    assert.deepEqual(runs.at(-1), [1, 1])
    assert.deepEqual(
      progress.map(({ id }) => id),
      [1],
    )
  })

  test('a row that leaves before its turn is never run', async () => {
    const runs: (readonly [number, number])[] = []
    const decoding = createDecoding({ graph: graphOf(true), run: toyRun(runs) })
    decoding.join({ id: 0, promptIds: [1], settings: settings() })
    decoding.leave(0)
    assert.equal(decoding.size(), 0)
    assert.deepEqual(await decoding.step(), [])
    assert.deepEqual(runs, [])
  })

  test('a run that fails takes its own rows with it, and no others', async () => {
    const run = toyRun()
    let failing = false
    const decoding = createDecoding({
      graph: graphOf(true),
      run: async (inputs) => {
        if (failing) throw new Error('out of memory')
        return run(inputs)
      },
    })
    const { texts, endings, take } = collect()
    decoding.join({ id: 0, promptIds: [5, 6], settings: settings() })
    take(await decoding.step())
    take(await decoding.step())
    failing = true
    decoding.join({ id: 1, promptIds: [1], settings: settings() })
    take(await decoding.step())
    failing = false
    await finish(decoding, take)
    assert.equal(endings.get(1), 'out of memory')
    assert.equal(texts.get(1), undefined)
    assert.deepEqual(texts.get(0), (await alone([5, 6])).text)
  })

  test('drawing depends on the seed alone, not on who else is there', async () => {
    const drawing = { doSample: true, temperature: 3, seed: 42, eosIds: [] }
    const expected = (await alone([5, 6], drawing)).text
    const decoding = createDecoding({ graph: graphOf(true), run: toyRun() })
    const { texts, take } = collect()
    for (const id of [0, 1, 2]) {
      decoding.join({ id, promptIds: [id + 1, 2], settings: settings({ ...drawing, seed: id }) })
      take(await decoding.step())
    }
    decoding.join({ id: 9, promptIds: [5, 6], settings: settings(drawing) })
    await finish(decoding, take)
    assert.deepEqual(texts.get(9), expected)
  })
})
