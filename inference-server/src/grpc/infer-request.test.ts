/** The reader of requests, beside the general one of protobuf. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../failures/errors.ts'
import { pick, printedRandom, type Random, randomBytes } from '../testing/fuzz.ts'
import { decodeByLibrary, encodeInfer, field, multiplied, varint } from '../testing/grpc-frames.ts'
import { decodeInferRequest } from './infer-request.ts'

const limitBytes = 64 * 2 ** 20

type Plain = Readonly<Record<string, unknown>>

/** The message as the library has it: lists of numbers and texts, no member that is empty. */
const plain = (message: Buffer): unknown => {
  const request = decodeInferRequest(message, limitBytes)
  const tensor = (input: NonNullable<typeof request.inputs>[number]): Plain => {
    const lists = Object.entries(input.contents ?? {}).map(([member, list]) => [
      member,
      Array.from(list as ArrayLike<unknown>, (value) =>
        typeof value === 'bigint' ? String(value) : member === 'bool_contents' ? value === 1 : value,
      ),
    ])
    return {
      ...input,
      shape: input.shape?.map(String),
      ...(input.contents && { contents: Object.fromEntries(lists) }),
    }
  }
  return JSON.parse(JSON.stringify(withoutEmpty({ ...request, inputs: request.inputs?.map(tensor) })))
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0
const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (isEmpty(inner) ? [] : [[name, withoutEmpty(inner)]])),
  )
}
/** `parameter_choice` is the library's own: which member of a parameter is there. */
const byLibrary = (message: Buffer): unknown =>
  JSON.parse(
    JSON.stringify(withoutEmpty(decodeByLibrary(message)), (name, value) =>
      name === 'parameter_choice' ? undefined : value,
    ),
  )

const integer = (random: Random, bits: number, isSigned: boolean): string => {
  const size = Math.floor(random() * (bits + 1))
  let value = 0n
  for (let bit = 0; bit < size; bit++) value = (value << 1n) | BigInt(random() < 0.5)
  return String(isSigned ? BigInt.asIntN(bits, value) : value)
}
const text = (random: Random): string =>
  pick(random, ['', 'x', 'input_ids', '你好', '__proto__', 'é'.repeat(70)])
const list = <Value>(random: Random, of: () => Value): Value[] =>
  Array.from({ length: pick(random, [0, 1, 2, 5, 200]) }, of)

const contents = (random: Random): Plain => {
  const members: Readonly<Record<string, () => unknown>> = {
    bool_contents: () => random() < 0.5,
    int_contents: () => Number(integer(random, 32, true)),
    int64_contents: () => integer(random, 64, true),
    uint_contents: () => Number(integer(random, 32, false)),
    uint64_contents: () => integer(random, 64, false),
    fp32_contents: () => Math.fround(random() - 0.5),
    fp64_contents: () => random() - 0.5,
    bytes_contents: () => randomBytes(random, 20),
  }
  const chosen = Object.entries(members).filter(() => random() < 0.3)
  return Object.fromEntries(chosen.map(([member, of]) => [member, list(random, of)]))
}

const parameters = (random: Random): Plain =>
  Object.fromEntries(
    list(random, () => [
      text(random),
      pick(random, [
        { bool_param: true },
        { bool_param: false },
        { int64_param: integer(random, 64, true) },
        { uint64_param: integer(random, 64, false) },
        { string_param: text(random) },
        { double_param: random() },
      ]),
    ]),
  )

const request = (random: Random): Plain => ({
  ...(random() < 0.8 && { model_name: text(random) }),
  ...(random() < 0.5 && { model_version: text(random) }),
  ...(random() < 0.5 && { id: text(random) }),
  ...(random() < 0.3 && { parameters: parameters(random) }),
  inputs: list(random, () => ({
    name: text(random),
    datatype: 'FP32',
    shape: list(random, () => integer(random, 53, true)),
    ...(random() < 0.8 && { contents: contents(random) }),
  })).slice(0, 5),
  outputs: list(random, () => ({ name: text(random) })).slice(0, 5),
  raw_input_contents: list(random, () => randomBytes(random, 50)).slice(0, 5),
})

test('reads every request as the general reader does', (context) => {
  const random = printedRandom(context)
  for (let round = 0; round < 500; round++) {
    const message = encodeInfer(request(random))
    assert.deepEqual(plain(message), byLibrary(message), message.toString('base64'))
  }
})

const tensor = (...fields: readonly Buffer[]): Buffer => field(5, Buffer.concat(fields))
const oddities: readonly (readonly [string, Buffer])[] = [
  ['numbers that are not packed', tensor(field(5, Buffer.from([24, 5, 24, 0xff, 1])))],
  [
    'numbers that are packed in parts, and some not',
    tensor(field(5, Buffer.from([26, 2, 1, 2, 24, 3, 26, 1, 4]))),
  ],
  ['floats that are not packed', tensor(field(5, Buffer.from([53, 0, 0, 0x80, 0x3f, 50, 4, 0, 0, 0, 0x40])))],
  ['doubles that are not packed', tensor(field(5, Buffer.from([57, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f])))],
  ['dimensions that are not packed', tensor(Buffer.from([24, 2, 26, 2, 3, 4]))],
  ['a name that is there twice', Buffer.concat([field(1, Buffer.from('a')), field(1, Buffer.from('b'))])],
  [
    'contents that are there twice',
    tensor(field(5, Buffer.from([26, 1, 1])), field(5, Buffer.from([26, 1, 2]))),
  ],
  [
    'fields that are not known',
    Buffer.concat([field(99, Buffer.from('x')), Buffer.from([0x78, 1]), field(1, Buffer.from('m'))]),
  ],
  ['an integer that is longer than it need be', tensor(field(5, Buffer.from([26, 3, 0x81, 0x80, 0])))],
  [
    'a small integer of ten bytes',
    tensor(field(5, field(2, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1])))),
  ],
  ['a name that is not UTF-8', field(1, Buffer.from([0xff, 0x41]))],
  ['a message of nothing', Buffer.alloc(0)],
]
for (const [what, message] of oddities)
  test(`reads ${what} as the general reader does`, () => {
    assert.deepEqual(plain(message), byLibrary(message))
  })

const broken: readonly (readonly [string, Buffer])[] = [
  ['a field that is longer than the message', Buffer.from([10, 5, 65])],
  ['a number without an end', tensor(field(5, field(3, Buffer.from([1, 0x80]))))],
  [
    'a number of eleven bytes',
    tensor(field(5, field(3, Buffer.concat([Buffer.alloc(10, 0x80), Buffer.from([1])])))),
  ],
  ['half a float', tensor(field(5, field(6, Buffer.alloc(6))))],
  ['a double that the message ends in', tensor(field(5, Buffer.from([57, 0, 0])))],
  ['a field without a number', Buffer.from([2, 0])],
  ['a type of field that does not exist', Buffer.from([15])],
  ['a length that goes on in the next message', tensor(Buffer.from([10, 200]))],
  ['a length beyond all messages', Buffer.concat([Buffer.from([10]), varint(2 ** 40)])],
]
for (const [what, message] of broken)
  test(`refuses ${what} as malformed`, () => {
    assert.throws(
      () => decodeInferRequest(message, limitBytes),
      (error) => error instanceof Failure && error.kind === 'malformed',
    )
  })

test('raw contents are not copied, at any size', () => {
  const message = encodeInfer({ raw_input_contents: [Buffer.alloc(1000, 7)] })
  const [raw] = decodeInferRequest(message, limitBytes).raw_input_contents ?? []
  assert.equal(raw?.buffer, message.buffer)
})

test('contents of a request may take as much as its message may have, all inputs together', () => {
  const two = Buffer.concat([1, 2].map(() => tensor(field(5, field(3, Buffer.alloc(100, 1))))))
  assert.equal(decodeInferRequest(two, 1600).inputs?.length, 2)
  assert.throws(
    () => decodeInferRequest(two, 1599),
    (error) => error instanceof Failure && error.kind === 'too-large' && error.field === 'int64_contents',
  )
})

for (const [what, message] of Object.entries(multiplied(16)))
  test(`16 MiB of ${what} are refused`, () => {
    assert.throws(
      () => decodeInferRequest(message, 15 * 2 ** 20),
      (error) => error instanceof Failure && ['too-large', 'malformed'].includes(error.kind),
    )
  })
