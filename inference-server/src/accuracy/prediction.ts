/** What a model answered to a sample, in the form that the metrics compare with its label. */
import type { EntitySpan } from '../datasets/sample.ts'

/** A token with its tag, as token-classification answers with the aggregation strategy `none`. Places count code points. */
export interface TaggedToken {
  readonly tag: string
  readonly start: number
  readonly end: number
}

/** How likely the model finds the label's text. */
export interface Likelihood {
  /** Sum of the natural logarithms of the probabilities of the label's tokens; 0 or less. */
  readonly logLikelihood: number
  /** Number of those tokens. */
  readonly tokens: number
}

export type Prediction =
  /** Names of classes, the likeliest first; one or more. Equal probabilities keep the order of the model's output. */
  | { readonly kind: 'classes'; readonly ranking: readonly string[] }
  /** The prediction for labels that are tags: every token that has a tag other than O. */
  | { readonly kind: 'tokens'; readonly tokens: readonly TaggedToken[] }
  /** The prediction for labels that are entities. */
  | { readonly kind: 'entities'; readonly entities: readonly EntitySpan[] }
  | { readonly kind: 'text'; readonly text: string; readonly likelihood?: Likelihood }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'vector'; readonly vector: ArrayLike<number> }
