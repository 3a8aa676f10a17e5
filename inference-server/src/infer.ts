/** Runs a decoded infer request, through whichever door it came: tensors as they are, items through the model's task. */
import { type InferInputs, itemsName } from './binding.ts'
import { Failure } from './errors.ts'
import type { Caller } from './predict.ts'
import type { Served } from './served.ts'
import { resultTensors } from './tasks/classification.ts'
import type { TaskInput } from './tasks/task.ts'
import { textInput } from './tasks/texts.ts'
import type { BytesElement, NamedTensors, Tensor } from './tensor.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

const textItem = (element: BytesElement, field: string): TaskInput => {
  if (typeof element === 'string') return textInput(element, field)
  let text: string
  try {
    text = utf8.decode(element)
  } catch (cause) {
    throw new Failure('invalid', `${field} is not UTF-8`, { field, cause })
  }
  return textInput(text, field)
}

/** In JSON a picture is base64; in the binary extension it is the file itself. */
const imageItem = (element: BytesElement): TaskInput => ({
  kind: 'image',
  bytes: typeof element === 'string' ? Buffer.from(element, 'base64') : element,
})

/**
 * Elements of a BYTES tensor as what a task reads.
 * @throws Failure invalid or too-large, naming the element
 */
const itemsOf = (tensor: Tensor, accepts: TaskInput['kind']): readonly TaskInput[] =>
  (tensor.data as readonly BytesElement[]).map((element, index) =>
    accepts === 'text' ? textItem(element, `inputs[0].data[${index}]`) : imageItem(element),
  )

/** @throws Failure */
export const runInfer = async (
  { task, predictor }: Served,
  { inputs, items }: InferInputs,
  caller: Caller,
): Promise<NamedTensors> => {
  const list = inputs[itemsName]
  if (!items || !task || !list) return predictor.tensors(inputs, caller)
  return resultTensors(await predictor.items(itemsOf(list, task.accepts), caller))
}
