/**
 * ModelInferRequest, read from the wire. The general reader of protobuf makes an object of every field and a text of every
 * integer of 64 bits: 16 MiB of small ones took it seven seconds and 1.9 GB, and could not be interrupted. This one counts.
 */
import { type MessageBounds, messageBounds } from './message-bounds.ts'
import type { InferInputTensor, InferParameter, ModelInferRequest } from './messages.ts'
import { readContents } from './tensor-contents.ts'
import {
  type Halves,
  readBytes,
  readHalves,
  readSpan,
  readTag,
  readText,
  type Span,
  skip,
  wholeSpan,
  wires,
} from './wire.ts'

/** A member while its message is being read. */
type Draft<Message> = { -readonly [Member in keyof Message]: Message[Member] }

/**
 * Reads the fields of a message in their order; a field that is not known is passed over, as is one of another type.
 * @param take reads the field's content and returns true, or leaves it and returns false
 * @throws Failure malformed, too-large
 */
const eachField = (span: Span, bounds: MessageBounds, take: (tag: number) => boolean): void => {
  while (span.at < span.end) {
    const tag = readTag(span)
    bounds.field()
    if (!take(tag)) skip(span, tag & 7)
  }
}

/** How fields are told: by number and type at once. */
const text = (number: number): number => number * 8 + wires.length
const packed = text
const inner = text
const whole = (number: number): number => number * 8 + wires.varint
const double = (number: number): number => number * 8 + wires.eightBytes

const readName = (span: Span, bounds: MessageBounds): string => {
  bounds.text()
  return readText(span)
}

const halves: Halves = { low: 0, high: 0 }

/** @returns exact between -2^53 and 2^53, which no length of a tensor is beyond */
const readSigned = (span: Span): number => {
  readHalves(span, halves)
  return halves.high * 2 ** 32 + halves.low
}

const readBig = (span: Span, isSigned: boolean): string => {
  readHalves(span, halves)
  const bits = (BigInt(halves.high) << 32n) | BigInt(halves.low)
  return String(isSigned ? bits : BigInt.asUintN(64, bits))
}

const readDouble = (span: Span): number => {
  const { at } = span
  skip(span, wires.eightBytes)
  return span.bytes.readDoubleLE(at)
}

/** The last member that was sent counts. */
const readParameter = (span: Span, bounds: MessageBounds): InferParameter => {
  let found: InferParameter = {}
  eachField(span, bounds, (tag) => {
    switch (tag) {
      case whole(1):
        found = { bool_param: readSigned(span) !== 0 }
        return true
      case whole(2):
        found = { int64_param: readBig(span, true) }
        return true
      case text(3):
        found = { string_param: readName(span, bounds) }
        return true
      case double(4):
        found = { double_param: readDouble(span) }
        return true
      case whole(5):
        found = { uint64_param: readBig(span, false) }
        return true
      default:
        return false
    }
  })
  return found
}

const readEntry = (span: Span, bounds: MessageBounds): readonly [string, InferParameter] => {
  let name = ''
  let value: InferParameter = {}
  bounds.parameter()
  eachField(span, bounds, (tag) => {
    if (tag === text(1)) name = readName(span, bounds)
    else if (tag === inner(2)) value = readParameter(readSpan(span), bounds)
    else return false
    return true
  })
  return [name, value]
}

const readDimensions = (span: Span, into: number[], bounds: MessageBounds): void => {
  while (span.at < span.end) {
    bounds.text()
    into.push(readSigned(span))
  }
}

const readInput = (span: Span, bounds: MessageBounds): InferInputTensor => {
  const shape: number[] = []
  const input: Draft<InferInputTensor> = { shape }
  eachField(span, bounds, (tag) => {
    switch (tag) {
      case text(1):
        input.name = readName(span, bounds)
        return true
      case text(2):
        input.datatype = readName(span, bounds)
        return true
      case packed(3):
        readDimensions(readSpan(span), shape, bounds)
        return true
      case whole(3):
        bounds.text()
        shape.push(readSigned(span))
        return true
      case inner(5):
        bounds.tensor()
        input.contents = readContents(readSpan(span), bounds)
        return true
      default:
        return false
    }
  })
  return input
}

const readOutput = (span: Span, bounds: MessageBounds): { readonly name?: string } => {
  const output: { name?: string } = {}
  eachField(span, bounds, (tag) => {
    if (tag !== text(1)) return false
    output.name = readName(span, bounds)
    return true
  })
  return output
}

/**
 * @param limitBytes that typed contents may take as tensors, all together
 * @throws Failure malformed, too-large
 */
export const decodeInferRequest = (message: Buffer, limitBytes: number): ModelInferRequest => {
  const span = wholeSpan(message)
  const bounds = messageBounds(limitBytes)
  const inputs: InferInputTensor[] = []
  const outputs: { readonly name?: string }[] = []
  const raw_input_contents: Buffer[] = []
  const parameters: (readonly [string, InferParameter])[] = []
  const request: Draft<ModelInferRequest> = { inputs, outputs, raw_input_contents }
  eachField(span, bounds, (tag) => {
    switch (tag) {
      case text(1):
        request.model_name = readName(span, bounds)
        return true
      case text(2):
        request.model_version = readName(span, bounds)
        return true
      case text(3):
        request.id = readName(span, bounds)
        return true
      case inner(4):
        parameters.push(readEntry(readSpan(span), bounds))
        return true
      case inner(5):
        bounds.tensor()
        inputs.push(readInput(readSpan(span), bounds))
        return true
      case inner(6):
        bounds.tensor()
        outputs.push(readOutput(readSpan(span), bounds))
        return true
      case inner(7):
        bounds.tensor()
        raw_input_contents.push(readBytes(span))
        return true
      default:
        return false
    }
  })
  if (parameters.length > 0) request.parameters = Object.fromEntries(parameters)
  return request
}
