/** Compares what the prover says of every tensor of a graph with what onnxruntime computes for batches and for their parts. */
import type { NamedTensors, Tensor } from '../../tensors/tensor.ts'
import { joined, rowsAt } from './arrays.ts'
import { same } from './equality.ts'
import type { Fact, Facts, NamedLengths } from './facts.ts'
import { areRowNumbers, areRowTuples, areWithinBound } from './row-numbers.ts'

/** Parts of batches, as rows of the data; every mixture is also one of rows in another order or repeated. */
const mixtures: readonly (readonly (readonly number[])[])[] = [
  [[0], [1]],
  [[0, 1], [2]],
  [[3], [0, 1, 2]],
  [
    [2, 3],
    [4, 0, 1],
  ],
  [[4], [3], [2], [1], [0]],
  [[1], [1]],
  [
    [0, 3],
    [2, 4],
  ],
]
export const rowsOfData = 5

export interface Subject {
  readonly facts: Facts
  /** `rowsOfData` rows of every input. */
  readonly data: NamedTensors
  /** Lengths of the named axes but the rows'. */
  readonly lengths: Readonly<Record<string, number>>
  /** Undefined where onnxruntime refuses the batch. */
  /** See `same`. */
  readonly floor?: number
  /** Whether even rounding counts as a difference. */
  readonly exact?: boolean
  /** Tensors that the node of this one takes. Where they differ by rounding, what the node makes of them may differ by more. */
  readonly inputsOf?: (tensor: string) => readonly string[]
  readonly run: (inputs: NamedTensors) => Promise<NamedTensors | undefined>
}

export interface Agreement {
  /** One sentence for each tensor that contradicts the prover. */
  readonly contradictions: ReadonlyMap<string, string>
  /** Mixtures that onnxruntime ran, whole and in parts. */
  readonly compared: number
  /** Mixtures whose parts ran where the whole did not. */
  readonly onlyParts: number
}

interface Mixture {
  readonly name: string
  readonly whole: NamedTensors
  readonly parts: readonly NamedTensors[]
  readonly sizes: readonly number[]
}

/** Texts of each row along the last axis, without what it was filled up with. */
const filled = ({ data, shape }: Tensor, { padding }: Fact): readonly string[] => {
  const width = shape.at(-1) as number
  const texts = data as readonly string[]
  const rows = width === 0 ? 0 : texts.length / width
  return Array.from({ length: rows }, (_, row) => {
    const words = texts.slice(row * width, (row + 1) * width)
    return JSON.stringify(words.slice(0, words.findLastIndex((word) => word !== padding) + 1))
  })
}

const kindHolds = (
  fact: Fact,
  name: string,
  mixture: Mixture,
  { floor = 1, lengths, exact = false }: Subject,
): boolean => {
  const { whole, parts, sizes } = mixture
  const result = whole.get(name) as Tensor
  const axis = fact.axis ?? 0
  switch (fact.kind) {
    case 'same':
      return parts.every((part) => same(part.get(name), result, floor, exact))
    case 'rows':
      return same(
        joined(
          parts.map((part) => part.get(name) as Tensor),
          axis,
        ),
        result,
        floor,
        exact,
      )
    case 'row numbers':
      return areRowNumbers(
        result,
        parts.map((part) => part.get(name) as Tensor),
        fact,
        sizes.map((rows) => ({ ...lengths, rows })),
      )
    case 'index tuples':
      return areRowTuples(result, axis)
    case 'padded':
      return (
        parts.flatMap((part) => filled(part.get(name) as Tensor, fact)).join() === filled(result, fact).join()
      )
    case 'unknown':
      return true
  }
}

const near = (said: number | undefined, real: number): boolean =>
  said === undefined || Number.isNaN(said) || Math.abs(said - real) <= 1e-3 * Math.max(1, Math.abs(real))

const lengthsHold = (fact: Fact, tensor: Tensor, named: NamedLengths): boolean => {
  const lengths = fact.lengths?.(named)
  return (
    !lengths ||
    (lengths.length === tensor.shape.length &&
      lengths.every((length, axis) => length === undefined || length === tensor.shape[axis]))
  )
}

const valuesHold = (fact: Fact, tensor: Tensor, named: NamedLengths): boolean => {
  const values = fact.values?.(named)
  return (
    !values ||
    (values.shape.join() === tensor.shape.join() &&
      values.elements.every((element, index) => near(element, Number(tensor.data[index]))))
  )
}

const countHolds = ({ entriesPerRow, axis = 0 }: Fact, tensor: Tensor, { rows }: NamedLengths): boolean =>
  entriesPerRow === undefined || tensor.shape[axis] === rows * entriesPerRow

/** Whether an input of the tensor's node differs in its bits between the whole and the parts: ties are then decided either way. */
const isRounded = (name: string, mixture: Mixture, subject: Subject): boolean =>
  (subject.inputsOf?.(name) ?? []).some((input) => {
    const fact = subject.facts.get(input)
    const isThere = fact !== undefined && mixture.whole.has(input)
    return isThere && !kindHolds(fact, input, mixture, { ...subject, floor: 0, exact: true })
  })

const complaint = (fact: Fact, name: string, mixture: Mixture, subject: Subject): string | undefined => {
  const runs = [...mixture.parts, mixture.whole]
  for (const [index, run] of runs.entries()) {
    const tensor = run.get(name) as Tensor
    const named = { ...subject.lengths, rows: mixture.sizes[index] as number }
    const at = `at ${named.rows} rows, where it is [${tensor.shape}]`
    if (!lengthsHold(fact, tensor, named)) return `lengths ${fact.lengths?.(named)} ${at}`
    if (!countHolds(fact, tensor, named)) return `not ${fact.entriesPerRow} entries per row ${at}`
    if (!areWithinBound(fact, tensor, named))
      return `numbers below ${fact.below?.(named)} ${at} of ${tensor.data}`
    if (!valuesHold(fact, tensor, named))
      return `values ${fact.values?.(named).elements} ${at} of ${tensor.data}`
  }
  if (fact.scaled || kindHolds(fact, name, mixture, subject)) return undefined
  if (isRounded(name, mixture, subject)) return undefined
  return `${fact.kind}${fact.axis === undefined ? '' : ` along axis ${fact.axis}`} for ${mixture.name}`
}

/** Runs each batch once, however many mixtures it is in. */
const remembering = ({ data, run }: Subject) => {
  const runs = new Map<string, Promise<NamedTensors | undefined>>()
  return (rows: readonly number[]): Promise<NamedTensors | undefined> => {
    const key = rows.join()
    const earlier = runs.get(key)
    if (earlier) return earlier
    const batch = [...data].map(([name, tensor]) => [name, rowsAt(tensor, rows)] as const)
    const fresh = run(new Map(batch))
    runs.set(key, fresh)
    return fresh
  }
}

type Run = ReturnType<typeof remembering>

/** Undefined where a part is refused. */
const mixtureOf = async (
  rows: readonly (readonly number[])[],
  runOf: Run,
): Promise<Mixture | 'only parts' | undefined> => {
  const parts = await Promise.all(rows.map(runOf))
  if (parts.includes(undefined)) return undefined
  const whole = await runOf(rows.flat())
  if (!whole) return 'only parts'
  return {
    name: rows.map((part) => `[${part}]`).join('+'),
    whole,
    parts: parts as readonly NamedTensors[],
    sizes: [...rows.map((part) => part.length), rows.flat().length],
  }
}

export const compareWithRuns = async (subject: Subject): Promise<Agreement> => {
  const runOf = remembering(subject)
  const contradictions = new Map<string, string>()
  let compared = 0
  let onlyParts = 0
  for (const rows of mixtures) {
    const mixture = await mixtureOf(rows, runOf)
    if (mixture === 'only parts') onlyParts += 1
    if (!mixture || mixture === 'only parts') continue
    compared += 1
    for (const [tensor, fact] of subject.facts) {
      if (!mixture.whole.has(tensor) || contradictions.has(tensor)) continue
      const found = complaint(fact, tensor, mixture, subject)
      if (found !== undefined) contradictions.set(tensor, found)
    }
  }
  return { contradictions, compared, onlyParts }
}
