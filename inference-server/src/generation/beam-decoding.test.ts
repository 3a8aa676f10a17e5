import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Progress } from '../sessions/session-messages.ts'
import { plainSettings, type WritingSettings } from '../sessions/writing-settings.ts'
import type { NamedTensors, Tensor, TensorSpec } from '../tensors/tensor.ts'
import { fp32, named } from '../testing/tensors.ts'
import { createBeamDecoding, withBeams } from './beam-decoding.ts'
import { createBeamSearch } from './beams.ts'
import { createDecoding } from './decoding.ts'
import type { DecoderGraph } from './graph.ts'

const vocabulary = 7

const spec = (name: string, datatype: TensorSpec['datatype'], shape: readonly number[]): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})

const graph: DecoderGraph = {
  ids: spec('input_ids', 'INT64', [-1, -1]),
  mask: spec('attention_mask', 'INT64', [-1, -1]),
  positions: spec('position_ids', 'INT64', [-1, -1]),
  caches: [{ past: spec('past.0', 'FP32', [-1, 1, -1, 1]), present: 'present.0', axis: 2, ofSource: false }],
  source: spec('encoder_hidden_states', 'FP32', [-1, -1, 1]),
  sourceMask: undefined,
  cached: undefined,
  vocabulary,
}

/** Scores after a text about a source; hardly two texts have the same. */
const scoresOf = (ids: readonly number[], source: number): Float32Array =>
  Float32Array.from({ length: vocabulary }, (_, id) => {
    const all = [source, ...ids, id].reduce((sum, value) => (sum * 31 + value + 1) % 10007, 7)
    return 2 * Math.sin(all)
  })

const rowsOf = ({ data, shape: [rows = 0] }: Tensor): readonly (readonly number[])[] => {
  const values = Array.from(data as ArrayLike<number | bigint>, Number)
  const length = values.length / rows
  return Array.from({ length: rows }, (_, row) => values.slice(row * length, (row + 1) * length))
}

/** A model that knows what was written from its cache alone. */
const run = async (inputs: NamedTensors): Promise<NamedTensors> => {
  const of = (name: string) => rowsOf(inputs.get(name) as Tensor)
  const fresh = of('input_ids')
  const sources = of('encoder_hidden_states')
  const rows = fresh.map((ids, row) => [...(of('past.0')[row] ?? []), ...ids])
  const length = rows[0]?.length ?? 0
  if (inputs.get('attention_mask'))
    assert.deepEqual(
      of('attention_mask'),
      rows.map((ids) => ids.map(() => 1)),
    )
  assert.deepEqual(
    of('position_ids'),
    fresh.map((ids) => ids.map((_, index) => length - ids.length + index)),
  )
  const logits = rows.flatMap((ids, row) =>
    (fresh[row] ?? []).flatMap(() => [...scoresOf(ids, sources[row]?.[0] as number)]),
  )
  const shape = [rows.length, fresh[0]?.length ?? 0, vocabulary]
  return named({
    logits: { dtype: 'FP32', shape, data: Float32Array.from(logits) },
    'present.0': { dtype: 'FP32', shape: [rows.length, 1, length, 1], data: Float32Array.from(rows.flat()) },
  })
}

const settingsOf = (changes: Partial<WritingSettings> = {}): WritingSettings => ({
  ...plainSettings,
  eosIds: [0],
  maxNewTokens: 9,
  numBeams: 4,
  ...changes,
})

const sourceOf = (value: number): NamedTensors => named({ input_values: fp32([1, 1, 1], [value]) })

/** What a search without any cache finds. */
const searched = (promptIds: readonly number[], source: number, settings: WritingSettings) => {
  const search = createBeamSearch(promptIds, settings)
  while (search.advance(search.beams().map((ids) => scoresOf(ids, source)))) {}
  return search.best()
}

const collector = () => {
  const texts = new Map<number, number[]>()
  const endings = new Map<number, string>()
  const take = (progress: readonly Progress[]): void => {
    for (const one of progress) {
      if ('failure' in one) endings.set(one.id, one.failure)
      else if ('token' in one) {
        texts.set(one.id, [...(texts.get(one.id) ?? []), one.token])
        if (one.ending) endings.set(one.id, one.ending)
      }
    }
  }
  return { texts, endings, take }
}

const encode = async (inputs: NamedTensors): Promise<NamedTensors> =>
  named({ hidden: inputs.get('input_values') as Tensor })

describe('texts with several beams', () => {
  const wanted = [
    { promptIds: [1], source: 3, settings: settingsOf() },
    { promptIds: [2, 5, 1], source: 4, settings: settingsOf({ numBeams: 2, eosIds: [0, 3] }) },
    { promptIds: [4, 4], source: 5, settings: settingsOf({ numBeams: 6, minNewTokens: 6 }) },
    { promptIds: [1], source: 6, settings: settingsOf({ earlyStopping: true, lengthPenalty: 0.5 }) },
  ]

  test('are those of a search without caches, side by side with others of one beam', async () => {
    // The graph has no mask, so rows of different lengths are not padded: this model could not read padding.
    const options = { graph: { ...graph, mask: undefined }, run, encode }
    const decoding = withBeams(createDecoding(options), createBeamDecoding(options))
    const { texts, endings, take } = collector()
    for (const [id, { promptIds, source, settings }] of wanted.entries()) {
      decoding.join({ id, promptIds, settings, source: sourceOf(source) })
      decoding.join({
        id: 10 + id,
        promptIds,
        settings: settingsOf({ numBeams: 1 }),
        source: sourceOf(source),
      })
      take(await decoding.step())
    }
    assert.ok(decoding.size() > 4)
    for (let step = 0; decoding.size() > 0; step++) {
      assert.ok(step < 200)
      take(await decoding.step())
    }
    const alone = createDecoding(options)
    for (const [id, { promptIds, source, settings }] of wanted.entries()) {
      const found = searched(promptIds, source, settings)
      assert.deepEqual(texts.get(id), found)
      assert.equal(endings.get(id), settings.eosIds.includes(found.at(-1) as number) ? 'eos' : 'length')
      alone.join({ id: 10 + id, promptIds, settings: settingsOf({ numBeams: 1 }), source: sourceOf(source) })
    }
    const greedy = collector()
    while (alone.size() > 0) greedy.take(await alone.step())
    for (const [id, text] of greedy.texts) assert.deepEqual(texts.get(id), text)
    assert.notDeepEqual(texts.get(0), greedy.texts.get(10))
  })

  test('hold no more caches than there is room for: the others begin when one has ended', async () => {
    let begun = 0
    const counted = async (inputs: NamedTensors): Promise<NamedTensors> => {
      if (inputs.get('past.0')?.data.length === 0) begun += 1
      return run(inputs)
    }
    // 4 beams of 1 + 9 tokens: room for two texts.
    const decoding = createBeamDecoding({ graph, run: counted, encode, maxTokens: 80 })
    const { texts, endings, take } = collector()
    const ids = [0, 1, 2, 3]
    for (const id of ids) decoding.join({ id, promptIds: [1], settings: settingsOf(), source: sourceOf(id) })
    let heard: readonly number[] = []
    while (decoding.size() > 2) {
      const progress = await decoding.step()
      take(progress)
      assert.ok(begun <= 2 + endings.size)
      heard = progress.map(({ id }) => id)
    }
    // Texts that wait report progress, so that no deadline takes them for stuck.
    assert.ok(heard.includes(3))
    while (decoding.size() > 0) take(await decoding.step())
    for (const id of ids) assert.deepEqual(texts.get(id), searched([1], id, settingsOf()))
  })

  test('one that is larger than all the room is written alone', async () => {
    const decoding = createBeamDecoding({ graph, run, encode, maxTokens: 1 })
    const { texts, take } = collector()
    for (const id of [0, 1])
      decoding.join({ id, promptIds: [1], settings: settingsOf(), source: sourceOf(id) })
    while (decoding.size() > 0) take(await decoding.step())
    for (const id of [0, 1]) assert.deepEqual(texts.get(id), searched([1], id, settingsOf()))
  })

  test('that left take part in no further run', async () => {
    const decoding = createBeamDecoding({ graph, run, encode })
    const { texts, take } = collector()
    for (const id of [0, 1])
      decoding.join({ id, promptIds: [1], settings: settingsOf(), source: sourceOf(id) })
    take(await decoding.step())
    decoding.leave(0)
    while (decoding.size() > 0) take(await decoding.step())
    assert.deepEqual([...texts.keys()], [1])
  })

  test('whose run fails say so, and the others go on', async () => {
    const failing = async (inputs: NamedTensors): Promise<NamedTensors> => {
      if (inputs.get('input_ids')?.shape[1] === 2) throw new Error('out of memory')
      return run(inputs)
    }
    const decoding = createBeamDecoding({ graph, run: failing, encode })
    const { texts, endings, take } = collector()
    decoding.join({ id: 0, promptIds: [1, 2], settings: settingsOf(), source: sourceOf(1) })
    decoding.join({ id: 1, promptIds: [1], settings: settingsOf(), source: sourceOf(3) })
    while (decoding.size() > 0) take(await decoding.step())
    assert.equal(endings.get(0), 'out of memory')
    assert.deepEqual(texts.get(1), searched([1], 3, settingsOf()))
  })

  test('whose scores are no numbers fail', async () => {
    const broken = async (inputs: NamedTensors): Promise<NamedTensors> => {
      const outputs = await run(inputs)
      const logits = outputs.get('logits') as Tensor
      return new Map([...outputs, ['logits', { ...logits, data: new Float32Array(vocabulary).fill(NaN) }]])
    }
    const decoding = createBeamDecoding({ graph, run: broken, encode })
    const { endings, take } = collector()
    decoding.join({ id: 0, promptIds: [1], settings: settingsOf(), source: sourceOf(1) })
    while (decoding.size() > 0) take(await decoding.step())
    assert.equal(endings.get(0), 'the scores of the model are no numbers')
  })
})
