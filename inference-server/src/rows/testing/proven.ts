import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OnnxModel } from '../../onnx/model.ts'
import { readModel } from '../../onnx/read-model.ts'
import { approximate } from '../coefficient.ts'
import { inputScope } from '../inputs.ts'
import { createNumbers, type Numbers } from '../numbers.ts'
import { type Polynomial, rowCount } from '../polynomial.ts'
import type { RowProof } from '../proof.ts'
import { proveRows } from '../prove.ts'
import { createProver } from '../prover.ts'
import type { Element } from '../symbols.ts'
import type { StateKind, TensorState } from '../tensor-state.ts'
import type { Fact, Facts, NamedLengths } from './facts.ts'

/** The model of a file's content, read as the server reads it. */
const modelOf = (file: Uint8Array): OnnxModel => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-rows-'))
  try {
    const path = join(folder, 'model.onnx')
    writeFileSync(path, file)
    return readModel(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const proofOf = (file: Uint8Array): RowProof => proveRows(modelOf(file))

const kinds: Readonly<Record<StateKind, Fact['kind']>> = {
  constant: 'same',
  rows: 'rows',
  'row-numbers': 'row numbers',
  'row-groups': 'unknown',
  'row-tuples': 'index tuples',
  padded: 'padded',
  unknown: 'unknown',
}

const symbolOf = (polynomial: Polynomial): number => polynomial.terms[0]?.symbols[0] as number

/** The number that an element stands for, undefined where it has symbols of other than named lengths. */
const evaluated = (element: Element, named: NamedLengths, numbers: Numbers): number | undefined => {
  if (!element) return undefined
  const known = new Map(
    Object.entries(named).map(([name, length]) => [
      symbolOf(name === 'rows' ? rowCount : numbers.named(name)),
      length,
    ]),
  )
  return element.terms.reduce<number | undefined>((sum, { symbols, coefficient }) => {
    const lengths = symbols.map((symbol) => known.get(symbol))
    if (sum === undefined || lengths.includes(undefined)) return undefined
    return sum + (lengths as number[]).reduce((product, length) => product * length, approximate(coefficient))
  }, 0)
}

const factOf = (
  { kind, axis, scale, lengths, values, padding, stride, below }: TensorState,
  numbers: Numbers,
): Fact => ({
  kind: kinds[kind],
  scaled: scale !== undefined,
  ...(axis === undefined ? {} : { axis }),
  ...(stride ? { stride: (named) => evaluated(stride, named, numbers) } : {}),
  ...(below ? { below: (named) => evaluated(below, named, numbers) } : {}),
  ...(padding === undefined ? {} : { padding: padding.toString() }),
  ...(lengths ? { lengths: (named) => lengths.map((length) => evaluated(length, named, numbers)) } : {}),
  ...(values
    ? {
        values: (named) => ({
          shape: values.shape,
          elements: values.elements.map((element) => evaluated(element, named, numbers)),
        }),
      }
    : {}),
})

/** What the prover says of every tensor of the graph but those of graphs within it. */
export const provenFacts = (file: Uint8Array): Facts => {
  const model = modelOf(file)
  const numbers = createNumbers()
  const scope = inputScope(model.graph, numbers, new Map())
  if (typeof scope === 'string') throw new Error(scope)
  createProver(model, numbers).follow(model.graph, scope)
  return new Map([...scope.states].map(([name, state]) => [name, factOf(state, numbers)]))
}
