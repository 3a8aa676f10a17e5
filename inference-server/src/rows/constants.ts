import { elementTypes, type OnnxTensor } from '../onnx/model.ts'
import { coefficientOf } from './coefficient.ts'
import { valuedState } from './layout.ts'
import { hasAttribute, intAttribute, type RuleNode, tensorAttribute } from './node.ts'
import { constantPolynomial, one } from './polynomial.ts'
import { arrayOfTensor, maxElements, vectorOf } from './symbolic-array.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** A tensor of the file, with its elements where they are few. */
export const constantStateOf = (tensor: OnnxTensor): TensorState => {
  const lengths = tensor.dims.map((dim) => constantPolynomial(dim))
  let values: TensorState['values'] | null = null
  return {
    ...constantState(lengths, tensor.elementType),
    // Most constants are weights and biases, whose elements no rule asks for.
    get values() {
      if (values === null) values = arrayOfTensor(tensor)
      return values
    },
  }
}

/** A list of numbers that an attribute holds. */
const listOf = (node: RuleNode, name: string): readonly (number | bigint)[] | undefined => {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'ints' || attribute?.kind === 'floats' ? attribute.value : undefined
}

/** What Constant makes of its attribute. */
export const constantOutput = (node: RuleNode): TensorState => {
  if (hasAttribute(node, 'value')) {
    const tensor = tensorAttribute(node, 'value')
    need(tensor, 'the value is not given')
    return constantStateOf(tensor)
  }
  if (hasAttribute(node, 'value_int')) {
    const element = constantPolynomial(intAttribute(node, 'value_int') ?? 0)
    return valuedState({ shape: [], elements: [element] }, elementTypes.int64)
  }
  for (const [name, elementType] of [
    ['value_ints', elementTypes.int64],
    ['value_floats', elementTypes.float32],
  ] as const) {
    const list = listOf(node, name)
    if (!list) continue
    const isFollowed = list.length <= maxElements && list.every((value) => Number.isFinite(Number(value)))
    if (isFollowed)
      return valuedState(vectorOf(list.map((value) => constantPolynomial(coefficientOf(value)))), elementType)
    return constantState([constantPolynomial(list.length)], elementType)
  }
  const float = node.attributes.get('value_float')
  if (float?.kind === 'float' && Number.isFinite(float.value)) {
    const element = constantPolynomial(coefficientOf(float.value))
    return valuedState({ shape: [], elements: [element] }, elementTypes.float32)
  }
  return hasAttribute(node, 'value_strings') ? constantState([one]) : constantState()
}
