/** What the file of a model declares of its inputs and outputs, where onnxruntime-node does not tell. */
import { type DeclaredValue, readOnnx } from '../onnx/onnx-file.ts'
import { cannotCarry, uncarriedTypes } from '../onnx/uncarried-types.ts'

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
      const type = uncarriedTypes.get(elementType)
      if (type !== undefined) return cannotCarry(name, type)
    }
  } catch {
    // A file that cannot be read is reported by the session that could not open it.
  }
  return undefined
}
