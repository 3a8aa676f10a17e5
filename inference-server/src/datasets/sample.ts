/** A labelled sample of a data set, as it is sent to a model and compared with what the model answers. */

/** What a label is; the task and the metric decide it. */
export type LabelKind = 'class' | 'texts' | 'answers' | 'number' | 'entities' | 'relevant'

/** A part of a text that names something. Places count code points, as the server's answers do. */
export interface EntitySpan {
  readonly type: string
  readonly start: number
  /** The place behind the last code point. */
  readonly end: number
}

/** A part of a text. Places count code points. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type Label =
  | { readonly kind: 'class'; readonly name: string }
  /** Texts of which any is right: references of a translation, answers to a question. None at all: the question has no answer. */
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'entities'; readonly entities: readonly EntitySpan[] }
  /** A tag (`B-PER`, `I-PER`, `O`, …) for each word; `words` are their places in the text, which joins them by spaces. */
  | { readonly kind: 'tags'; readonly tags: readonly string[]; readonly words: readonly Span[] }
  /** Retrieval: the sample is a query, and these documents answer it. */
  | { readonly kind: 'relevant'; readonly documents: readonly string[] }
  /** Retrieval: the sample is a document that queries are compared with, and is not counted as a sample. */
  | { readonly kind: 'document'; readonly id: string }

/** Elements of a tensor, row-major. Numbers may be NaN: some models take it for a missing value. */
export type Elements = readonly (number | string)[]

export type SampleInputs =
  /** Members of an item of /predict: `text`, `question` and `context`, `candidate_labels`. */
  | {
      readonly kind: 'members'
      readonly members: Readonly<Record<string, string | readonly string[]>>
      /** Absolute path of the picture that is the member `image`, where the task reads one. */
      readonly picture?: string
    }
  /** Elements of the model's only input. */
  | { readonly kind: 'elements'; readonly elements: Elements }
  /** Elements of each input, by its name. */
  | { readonly kind: 'named'; readonly named: ReadonlyMap<string, Elements> }
  /** A row of a table: one element for each column. The columns are inputs of these names, or together the only input. */
  | { readonly kind: 'row'; readonly columns: readonly string[]; readonly elements: Elements }

export interface Sample {
  /** Number of its line in the file, from 1. */
  readonly line: number
  readonly inputs: SampleInputs
  readonly label: Label
}

export interface Dataset {
  /** Samples in the order of the file; documents of retrieval stand among them, whatever was drawn. */
  readonly samples: readonly Sample[]
  /** Samples that were kept, without documents. */
  readonly used: number
  /** Samples in the file, without documents. */
  readonly total: number
  /** sha256:… of the file; with pictures, of the list of the digests of the file and of the pictures that are used. */
  readonly digest: string
  /** Names of classes in the whole file, sorted by code point. Empty where labels are no classes. */
  readonly classes: readonly string[]
}
