import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchAnswer, collectAnswer, type Result } from './result.ts'

const json = 'application/json'
const chunk = 64 * 1024
/** Parts of a text as they come from a connection. */
const partsOf = (text: string): readonly Buffer[] => {
  const bytes = Buffer.from(text)
  return Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, at) =>
    bytes.subarray(at * chunk, (at + 1) * chunk),
  )
}
const resultOf = async (
  parts: readonly Buffer[],
  type: string | undefined,
  status = 200,
): Promise<Result> => {
  const answer = collectAnswer()
  for (const part of parts) answer.take(part)
  return answer.resultOf(status, type)
}
const read = (results: readonly Result[]): unknown =>
  JSON.parse(Buffer.concat([...batchAnswer(results)]).toString()).results

const numbers = `[${'1.25,'.repeat(200_000)}1e400]`

test('a large answer stays in the parts in which it came, digit by digit', async () => {
  const parts = partsOf(numbers)
  const result = await resultOf(parts, json)
  assert.deepEqual(result.slice(1, -1), parts)
  assert.ok(result.slice(1, -1).every((part, at) => part === parts[at]))
  assert.ok(Buffer.concat([...batchAnswer([result])]).includes('1e400'))
})

test('an answer that is no JSON is a text, however large it is and wherever it is cut', async () => {
  for (const text of ['é"\n', `${'é'.repeat(100_001)}"\n`, `{"a": ${'1'.repeat(100_000)}`])
    for (const type of [json, 'text/plain'])
      assert.deepEqual(read([await resultOf(partsOf(text), type)]), [{ status: 200, body: text }])
})

test('others have their turn while a large text is quoted', async () => {
  const order: string[] = []
  setImmediate(() => order.push('other'))
  await resultOf(partsOf('"'.repeat(8_000_000)), 'text/plain')
  order.push('result')
  assert.deepEqual(order, ['other', 'result'])
})

test('the sentence of a refusal is that of its JSON, and no longer than a sentence where it is large', async () => {
  assert.deepEqual(read([await resultOf([Buffer.from('{"error": "no"}')], json, 422)]), [
    { status: 422, error: 'no' },
  ])
  const [large] = read([await resultOf(partsOf('x'.repeat(200_000)), 'text/html', 502)]) as {
    error: string
  }[]
  assert.equal(large?.error.length, 2000)
})

test('the answer of a batch has no part that is made of more than 64 KiB', async () => {
  const small = await resultOf([Buffer.from('{"a": 1}')], json)
  const large = await resultOf(partsOf(numbers), json)
  const results = [...Array.from({ length: 5000 }, () => small), large, small]
  const parts = [...batchAnswer(results)]
  assert.ok(parts.every(({ length }) => length <= chunk))
  // One for each 64 KiB, and those that end early since the next one would be too large.
  assert.ok(parts.length <= 2 * (Math.ceil(Buffer.concat(parts).length / chunk) + 2))
  assert.equal((read(results) as unknown[]).length, 5002)
})
