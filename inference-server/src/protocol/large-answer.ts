/** Infer answers of many numbers, written bit by bit, so that probes and other requests come between. */
import { setImmediate as others } from 'node:timers/promises'
import { checkAnswer, checkBinary } from '../requests/answer-size.ts'
import type { BytesElement, NumericData, Tensor } from '../tensors/tensor.ts'
import { bytesOf } from '../tensors/tensor-binary.ts'
import { dataToJson } from '../tensors/tensor-json.ts'
import { answerHead, askedOutputs, type InferAnswer, type InferBody, outputHead } from './protocol.ts'

/** Their JSON takes 13 ms on Node 24. */
const numbersAtOnce = 100_000
const charactersAtOnce = 1_000_000

/** End of the next piece of a list of texts. */
const textsEnd = (texts: readonly BytesElement[], start: number): number => {
  let end = start
  let characters = 0
  while (end < texts.length && end - start < numbersAtOnce && characters < charactersAtOnce) {
    characters += (texts[end] as BytesElement).length
    end += 1
  }
  return end
}

/** A tensor in pieces of consecutive elements, each of which is written at once. */
function* piecesOf(tensor: Tensor): Generator<Tensor> {
  const { dtype, data, shape } = tensor
  for (let start = 0, end = 0; start < data.length; start = end) {
    if (dtype === 'BYTES') {
      const texts = data as readonly BytesElement[]
      end = textsEnd(texts, start)
      yield { dtype, shape, data: texts.slice(start, end) }
    } else {
      end = start + numbersAtOnce
      yield { dtype, shape, data: (data as NumericData).subarray(start, end) }
    }
  }
}

/** Text as it grows, as bytes. @param mostBytes beyond which it is refused */
const growingText = (mostBytes: number) => {
  const parts: Buffer[] = []
  let bytes = 0
  return {
    add: (text: string): void => {
      const part = Buffer.from(text)
      bytes += part.length
      checkAnswer(bytes, mostBytes)
      parts.push(part)
    },
    parts: (): readonly Buffer[] => parts,
    bytes: (): number => bytes,
  }
}

/**
 * Writes the same bytes as `encodeInfer`.
 * @param mostBytes of JSON @throws Failure too-large, or inference-failed where an output cannot be written as JSON
 */
export const encodeLargeInfer = async (answer: InferAnswer, mostBytes: number): Promise<InferBody> => {
  const asked = askedOutputs(answer)
  const tensorOf = (name: string): Tensor => answer.outputs.get(name) as Tensor
  checkBinary(asked.filter(({ binary }) => binary).map(({ name }) => tensorOf(name)))
  const text = growingText(mostBytes)
  const blobs: Buffer[] = []
  text.add(answerHead(answer))
  for (const [index, { name, binary }] of asked.entries()) {
    const tensor = tensorOf(name)
    text.add((index === 0 ? '' : ',') + outputHead(name, tensor))
    if (binary) {
      const blob = bytesOf(tensor)
      blobs.push(blob)
      text.add(`,"parameters":{"binary_data_size":${blob.length}}}`)
      continue
    }
    text.add(',"data":[')
    let between = ''
    for (const piece of piecesOf(tensor)) {
      text.add(between + dataToJson(piece).slice(1, -1))
      between = ','
      await others()
    }
    text.add(']}')
  }
  text.add(']}')
  const headerLength = blobs.length > 0 ? text.bytes() : undefined
  return { content: Buffer.concat([...text.parts(), ...blobs]), headerLength }
}
