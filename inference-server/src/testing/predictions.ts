/** Samples and predictions of tests. */
import type { Prediction } from '../accuracy/prediction.ts'
import type { Label, Sample } from '../datasets/sample.ts'

export const sampleOf = (label: Label, at: number, text = 'text'): Sample => ({
  line: at + 1,
  inputs: { kind: 'members', members: { text } },
  label,
})
export const classes = (...names: readonly string[]): readonly Sample[] =>
  names.map((name, at) => sampleOf({ kind: 'class', name }, at))
export const numbers = (...values: readonly number[]): readonly Sample[] =>
  values.map((value, at) => sampleOf({ kind: 'number', value }, at))
export const ranked = (...names: readonly string[]): Prediction => ({ kind: 'classes', ranking: names })
export const numeral = (value: number): Prediction => ({ kind: 'number', value })
export const written = (text: string): Prediction => ({ kind: 'text', text })
