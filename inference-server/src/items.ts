import { Failure } from './errors.ts'
import type { TaskInput } from './tasks/task.ts'
import { textInput } from './tasks/texts.ts'
import type { BytesElement, Tensor } from './tensor.ts'

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
export const itemsOf = (tensor: Tensor, accepts: TaskInput['kind']): readonly TaskInput[] =>
  (tensor.data as readonly BytesElement[]).map((element, index) =>
    accepts === 'text' ? textItem(element, `inputs[0].data[${index}]`) : imageItem(element),
  )
