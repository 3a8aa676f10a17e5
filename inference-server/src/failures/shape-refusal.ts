/** Runs that onnxruntime refused because the shapes of a caller's tensors do not belong together. */
import { Failure } from './errors.ts'

/** Messages of onnxruntime's operators about shapes; there are no error codes for them. */
const ofShapes =
  /\b(re)?shaped?s?\b|\bdim(ension)?s?\b|\branks?\b|\bbroadcast\w*|\bchannels?\b|\bSplit size\b|\baxis -?\d+ is not in valid range/i
/** Messages of failing devices, which may mention shapes, too. */
const ofDevices = /\b(CUDA|CUDNN|CUBLAS|TensorRT)/i

/** The source line, the function and the condition before the words, as its assertions write them. */
const assertion = /^\S*[/\\]\S+:\d+ .*? was false\. ?/
const source = /^\S+\.(?:h|cc|cpp|cu|cuh):\d+ (?:[\w:]+ )?/

/** `Add: Attempting to broadcast an axis by a dimension other than 1. 3 by 4` */
const wordsOf = (text: string): string => {
  const [, operator, status = text] = /running (\w+) node\..*?Status Message: (.*)$/s.exec(text) ?? []
  const [line = ''] = status.split('\n', 1)
  const words = line
    .replace(/^\[ONNXRuntimeError\] : \d+ : \w+ : /, '')
    .replace(assertion, '')
    .replace(source, '')
    .replace(/\S*onnxruntime_src\S*/g, '')
    .trim()
    .replace(/[.\s]+$/, '')
  return operator === undefined ? words : `${operator}: ${words}`
}

/**
 * Error for a caller on whose own tensors a run failed.
 * @returns undefined where the failure is not about their shapes
 */
export const shapeRefusal = (error: unknown): Failure | undefined => {
  if (!(error instanceof Failure) || error.kind !== 'inference-failed') return undefined
  const text = String(error.cause ?? '')
  const words = wordsOf(text)
  if (!ofShapes.test(words) || ofDevices.test(text)) return undefined
  return new Failure(
    'invalid',
    `the model cannot compute inputs of these shapes (${words}); see which lengths belong together, and send such`,
    { cause: error.cause },
  )
}
