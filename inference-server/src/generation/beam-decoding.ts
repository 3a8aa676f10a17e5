/**
 * Texts that are written with several beams, one text a step and all in turns. The beams of a text are the rows of its runs:
 * all of one length, so that nothing has to be filled up or hidden. What is written is known at the end only.
 */

import type { Progress, Writing } from '../sessions/session-messages.ts'
import { type NamedTensors, noTensors, type Tensor } from '../tensors/tensor.ts'
import { freeTensors } from '../tensors/tensor-memory.ts'
import { type BeamSearch, createBeamSearch } from './beams.ts'
import { gatherRows } from './cache.ts'
import type { Decoding, DecodingOptions } from './decoding.ts'
import type { DecoderGraph } from './graph.ts'
import { lastScores } from './logits.ts'
import { stacked } from './rows.ts'
import { contextOf, stepInputs } from './step-inputs.ts'

interface Text {
  readonly writing: Writing
  readonly search: BeamSearch
  /** What the graph is given of the source at every run, a row per beam; one row before the first run. */
  context: NamedTensors
  /** One per cache of the graph, a row per beam; none before the first run. */
  caches: readonly Tensor[]
}

/** The first run has a single row: before it, all beams of a text are equal. */
const inputsOf = (graph: DecoderGraph, { search, context, caches }: Text): NamedTensors => {
  const begun = caches.length > 0
  const rows = search.beams().map((ids) => ({ ids }))
  const to = rows[0]?.ids.length ?? 0
  const running = { rows: begun ? rows : rows.slice(0, 1), context, caches }
  return stepInputs(graph, running, { from: begun ? to - 1 : 0, to })
}

/** Tokens whose caches a text has at its end, all beams together. */
const tokensOf = ({ writing: { promptIds, settings } }: Text): number =>
  settings.numBeams * (promptIds.length + settings.maxNewTokens)

const hasBegun = ({ caches }: Text): boolean => caches.length > 0

/** Texts in the order of their turns: those that have begun, and those whose caches have room beside them. */
const nextOf = (texts: readonly Text[], maxTokens: number): Text | undefined => {
  const begun = texts.filter(hasBegun)
  const held = begun.reduce((sum, text) => sum + tokensOf(text), 0)
  return texts.find((text) => begun.length === 0 || hasBegun(text) || held + tokensOf(text) <= maxTokens)
}

/** Progress of a text that came to its end. */
const written = ({ writing: { id, settings }, search }: Text): readonly Progress[] => {
  const ids = search.best()
  if (ids.length === 0) return [{ id, failure: 'the scores of the model are no numbers' }]
  return ids.map((token, place) => {
    if (place < ids.length - 1) return { id, token }
    return { id, token, ending: settings.eosIds.includes(token) ? 'eos' : 'length' }
  })
}

export const createBeamDecoding = ({
  graph,
  run,
  encode,
  maxTokens = Number.POSITIVE_INFINITY,
}: DecodingOptions): Decoding => {
  let texts: readonly Text[] = []

  /** Output of the encoder for a text's source. */
  const listen = async ({ source }: Writing): Promise<NamedTensors> => {
    if (!graph.source || !encode || !source) return noTensors
    return contextOf(graph, await encode(source), source)
  }

  /** The caches of the beams that go on. @param parents for each beam, the row that it continues */
  const follow = (text: Text, outputs: NamedTensors, parents: readonly number[]): void => {
    const { caches: before } = text
    text.caches = graph.caches.map(({ present, axis, ofSource }, index) => {
      const held = before[index]
      // Every beam has the same source.
      if (ofSource && held) return held
      const cache = outputs.get(present) as Tensor
      const tokens = cache.shape[axis] as number
      const rows = parents.map((parent) => ({ cache, tokens, row: held ? parent : 0 }))
      return gatherRows(rows as [(typeof rows)[number], ...typeof rows], axis)
    })
    // Tensors that the next step does not use: what it needs has been copied.
    const gone = [...before, ...graph.caches.flatMap(({ present }) => outputs.get(present) ?? [])]
    freeTensors(gone.filter((cache) => !text.caches.includes(cache)))
    if (before.length === 0) text.context = stacked(parents.map(() => text.context))
  }

  const advance = async (text: Text): Promise<readonly Progress[]> => {
    const begun = text.caches.length > 0
    if (!begun) text.context = await listen(text.writing)
    const outputs = await run(inputsOf(graph, text))
    const logits = outputs.get('logits') as Tensor
    const scores = text.search.beams().map((_, beam) => lastScores(logits, begun ? beam : 0))
    const parents = text.search.advance(scores)
    if (parents) {
      follow(text, outputs, parents)
      return [{ id: text.writing.id, searching: true }]
    }
    texts = texts.filter((other) => other !== text)
    return written(text)
  }

  return {
    join: (writing) => {
      const search = createBeamSearch(writing.promptIds, writing.settings)
      texts = [...texts, { writing, search, context: noTensors, caches: [] }]
    },
    leave: (id) => {
      texts = texts.filter(({ writing }) => writing.id !== id)
    },
    size: () => texts.length,
    step: async () => {
      const text = nextOf(texts, maxTokens)
      if (!text) return []
      texts = [...texts.filter((other) => other !== text), text]
      // Texts that wait for room report progress, like those that wait for a turn, so that they do not count as stuck.
      const waiting = texts.filter((other) => other !== text && !hasBegun(other))
      try {
        const progress = await advance(text)
        return [...progress, ...waiting.map(({ writing: { id } }) => ({ id, searching: true }) as const)]
      } catch (error) {
        texts = texts.filter((other) => other !== text)
        return [{ id: text.writing.id, failure: String(error instanceof Error ? error.message : error) }]
      }
    },
  }
}

/** Both kinds of texts as one decoding: a step of the one, then a step of the other. */
export const withBeams = (plain: Decoding, beams: Decoding): Decoding => {
  let lastWasBeams = false
  return {
    join: (writing) => (writing.settings.numBeams > 1 ? beams : plain).join(writing),
    leave: (id) => {
      plain.leave(id)
      beams.leave(id)
    },
    size: () => plain.size() + beams.size(),
    step: () => {
      lastWasBeams = beams.size() > 0 && (!lastWasBeams || plain.size() === 0)
      return (lastWasBeams ? beams : plain).step()
    },
  }
}
