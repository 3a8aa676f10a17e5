/** The text format of Prometheus, as far as our own servers write it. */

export interface TextSample {
  readonly name: string
  /** The labels as they stand between the braces; empty where there are none. */
  readonly labels: string
  readonly value: number
}

/** A sample line: name, labels, value. Label values of the metrics that are read hold no brace, and end with their line: a text is read once. */
const sample = /^([a-z_]+)(?:\{([^}\n]*)\})? (\S+)/gm

export function* samplesOf(text: string): Generator<TextSample> {
  for (const [, name = '', labels = '', value] of text.matchAll(sample))
    yield { name, labels, value: Number(value) }
}

/** Largest value that a double counts to without a gap: sums of larger ones might not be finite, and a status takes no such number. */
const mostCounted = Number.MAX_SAFE_INTEGER

/** Whether a value can be a count; a pod may answer anything. */
export const isCount = (value: number): boolean => value >= 0 && value <= mostCounted
