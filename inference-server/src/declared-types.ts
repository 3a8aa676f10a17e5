/** What the file of a model declares of its inputs and outputs, where onnxruntime-node does not tell. */
import { type DeclaredValue, readOnnx } from './import/onnx-file.ts'

/** Element types of onnx.proto that the protocol has no datatype for, by their numbers there. */
const strangers = new Map([
  [14, 'COMPLEX64'],
  [15, 'COMPLEX128'],
  [16, 'BF16'],
  [17, 'FLOAT8E4M3FN'],
  [18, 'FLOAT8E4M3FNUZ'],
  [19, 'FLOAT8E5M2'],
  [20, 'FLOAT8E5M2FNUZ'],
  [21, 'UINT4'],
  [22, 'INT4'],
  [23, 'FLOAT4E2M1'],
  [24, 'FLOAT8E8M0'],
  [25, 'UINT2'],
  [26, 'INT2'],
])

const valuesOf = (path: string): readonly DeclaredValue[] => {
  const { inputs, outputs, values } = readOnnx(path)
  return [...inputs, ...outputs].flatMap((name) => values.get(name) ?? [])
}

/** Names of inputs and outputs that are declared without a shape; onnxruntime-node gives them that of a scalar. */
export const unshapedNames = (path: string): ReadonlySet<string> =>
  new Set(
    valuesOf(path)
      .filter(({ isShaped }) => !isShaped)
      .map(({ name }) => name),
  )

/**
 * What is wrong with a file that could not be opened, where it is the type of an input or output: the binding of onnxruntime
 * knows some of them by their numbers only, and others not at all.
 * @returns undefined where it is something else, which may be the file itself
 */
export const strangeType = (path: string): string | undefined => {
  try {
    for (const { name, elementType = 0 } of valuesOf(path)) {
      const type = strangers.get(elementType)
      if (type !== undefined) return cannotCarry(name, type)
    }
  } catch {
    // Whoever opened it has said why it cannot be read.
  }
  return undefined
}

export const cannotCarry = (name: string, type: string): string =>
  `${name} is of type ${type}, which the protocol cannot carry`
