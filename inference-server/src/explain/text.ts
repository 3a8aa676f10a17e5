/**
 * Which words of a text speak for a label: the score of the text, less its score without each word.
 *
 * `leave-one-out` takes the word out, `occlusion` puts the tokenizer's mask token in its place, so that the words behind it keep
 * their places (Li, Monroe and Jurafsky, 2016).
 */
import { Failure } from '../failures/errors.ts'
import type { Predictor } from '../inference/predict.ts'
import type { Served } from '../inference/served.ts'
import type { Caller } from '../requests/caller.ts'
import { parameterReader } from '../tasks/parameters.ts'
import type { LoadedTask, Prepared, TaskItem } from '../tasks/task.ts'
import { after } from '../tasks/text/readings.ts'
import { readText } from '../tasks/text/texts.ts'
import { itemBody, readItem } from './asked.ts'
import type { AskedItem, Brought, Explaining } from './explaining.ts'
import { type Scores, scoreOf, scoresOf, targetOf } from './scores.ts'
import { type Phrase, phrasesOf, textWithMask, textWithout, wordsOf } from './words.ts'

const methods = ['leave-one-out', 'occlusion'] as const
type Method = (typeof methods)[number]

/** Names of what a request may set, beside the task's own parameters. */
export const textOptions = ['method', 'mask', 'target', 'windows'] as const

/** Longest phrase in words. */
const mostWindow = 16
/** Most words of a text that is explained: twice what a model of 512 tokens reads. */
const mostWords = 1024

/** Most characters of what stands for a word. */
const mostMask = 100

/** A word, or several, and what the score loses without them. */
interface Weighed {
  readonly text: string
  /** Places in the text, in code points. */
  readonly start: number
  readonly end: number
  readonly weight: number
}

export interface TextExplanation {
  readonly method: Method
  /** What stood in place of hidden words. */
  readonly mask?: string
  readonly target: string
  /** Score of the target for the whole text. */
  readonly score: number
  readonly words?: readonly Weighed[]
  readonly phrases?: readonly (Weighed & { readonly words: number })[]
}

interface Asked {
  readonly text: string
  readonly method: Method
  readonly mask: string
  readonly target: unknown
  /** Lengths of phrases in words, ascending; 1 are words alone. */
  readonly windows: readonly number[]
  readonly item: AskedItem
}

const windowsOf = (value: unknown, field: string): readonly number[] => {
  if (value === undefined) return [1]
  const list = Array.isArray(value) ? value : [value]
  const fits = list.every((one) => Number.isInteger(one) && one >= 1 && one <= mostWindow)
  if (fits && list.length > 0) return [...new Set(list as number[])].sort((one, other) => one - other)
  throw new Failure(
    'invalid',
    `${field} has to be a list of whole numbers from 1 to ${mostWindow}, the lengths of phrases in words`,
    { field },
  )
}

const maskOf = ({ members, pathOf }: AskedItem, method: Method, { maskText }: LoadedTask): string => {
  const field = pathOf('mask')
  if (method !== 'occlusion') {
    if (members['mask'] === undefined) return ''
    throw new Failure('invalid', `${field} belongs to method occlusion; leave it out`, { field })
  }
  const mask = members['mask']
  if (mask !== undefined) {
    if (typeof mask !== 'string' || mask.length <= mostMask) return readText(mask, field)
    throw new Failure('too-large', `${field} has more than ${mostMask} characters; send a shorter one`, {
      field,
    })
  }
  if (maskText !== undefined) return maskText
  throw new Failure(
    'invalid',
    `the model's tokenizer has neither a mask token nor an unknown one; send a text in parameters.mask, or take method leave-one-out`,
    { field: 'parameters.mask' },
  )
}

const askedOf = (body: unknown, task: LoadedTask): Asked => {
  const item = readItem(body, task, textOptions)
  const { members, pathOf } = item
  const method = parameterReader(members, pathOf).choice('method', methods, 'leave-one-out')
  return {
    text: readText(members['text'], pathOf('text')),
    method,
    mask: maskOf(item, method, task),
    target: members['target'],
    windows: windowsOf(members['windows'], pathOf('windows')),
    item,
  }
}

/** The phrases that are hidden one after the other, words first. @throws Failure where there are too many words, or none */
const hiddenPhrases = ({ text, method, windows, item: { pathOf } }: Asked): readonly Phrase[] => {
  const words = wordsOf(text, mostWords + 1)
  const field = pathOf('text')
  if (words.length > mostWords)
    throw new Failure(
      'too-large',
      `${field} has more than ${mostWords} words, which is the most that are explained; send a shorter text`,
      { field },
    )
  /** A text of which nothing is left has no score. */
  const leavesText = ({ from, to }: Phrase): boolean =>
    method === 'occlusion' || text.slice(0, from).trim() !== '' || text.slice(to).trim() !== ''
  const phrases = windows.flatMap((length) => phrasesOf(words, length)).filter(leavesText)
  if (phrases.length > 0) return phrases
  throw new Failure(
    'invalid',
    words.length === 0
      ? `${field} has no word; send a text with words`
      : `${field} has nothing beside what would be taken out; send a longer text, shorter windows, or method occlusion`,
    { field },
  )
}

/** @returns the scores of texts, one after the other, and how many rows of the model they were */
const textScores =
  (predictor: Predictor, task: LoadedTask, { members, pathOf }: AskedItem) =>
  async (texts: readonly string[], caller: Caller) => {
    let rows = 0
    const counted = (prepared: Prepared): Prepared => {
      rows += prepared.rows.length
      return prepared
    }
    const items = texts.map((text): TaskItem => {
      const item = task.read({ ...members, text }, pathOf)
      return () => after(item(), counted)
    })
    const scores = (await predictor.items(items, caller)).map(scoresOf)
    return { scores, rows }
  }

const explanationOf = (
  { text, method, mask, windows }: Asked,
  target: string,
  score: number,
  weighed: readonly { readonly phrase: Phrase; readonly weight: number }[],
): TextExplanation => {
  const parts = weighed.map(({ phrase: { from, to, start, end, words }, weight }) => ({
    words,
    part: { text: text.slice(from, to), start, end, weight },
  }))
  const words = parts.flatMap((one) => (one.words === 1 ? one.part : []))
  const phrases = parts.flatMap((one) => (one.words > 1 ? { ...one.part, words: one.words } : []))
  return {
    method,
    ...(method === 'occlusion' && { mask }),
    target,
    score,
    ...(windows.includes(1) && { words }),
    ...(windows.some((length) => length > 1) && { phrases }),
  }
}

/** @throws Failure naming the member that is wrong */
export const textExplaining = (
  { predictor, model }: Pick<Served, 'predictor' | 'model'>,
  task: LoadedTask,
  brought: Brought,
): Explaining => {
  const asked = askedOf(itemBody(brought, { model, task }), task)
  const { text, target: wanted, item } = asked
  const ask = textScores(predictor, task, item)
  const hide = (phrase: Phrase): string =>
    asked.method === 'occlusion' ? textWithMask(text, phrase, asked.mask) : textWithout(text, phrase)
  return {
    item,
    explain: async (evaluations) => {
      const phrases = hiddenPhrases(asked)
      let whole: Scores = new Map()
      await evaluations.run(1, async (_from, _to, caller) => {
        const { scores, rows } = await ask([text], caller)
        whole = scores[0] as Scores
        return rows
      })
      const target = targetOf(whole, wanted, item.pathOf('target'))
      const score = scoreOf(whole, target)
      const rowsEach = evaluations.rows()
      const field = item.pathOf('text')
      evaluations.allow((phrases.length + 1) * rowsEach, field, 'send a shorter text, or fewer windows')
      const weighed: { readonly phrase: Phrase; readonly weight: number }[] = []
      const weigh = async (from: number, to: number, caller: Caller): Promise<number> => {
        const some = phrases.slice(from, to)
        const { scores, rows } = await ask(some.map(hide), caller)
        for (const [index, phrase] of some.entries())
          weighed[from + index] = { phrase, weight: score - scoreOf(scores[index] as Scores, target) }
        return rows
      }
      await evaluations.run(phrases.length, weigh, { rowsEach })
      return { members: explanationOf(asked, target, score, weighed) }
    },
  }
}
