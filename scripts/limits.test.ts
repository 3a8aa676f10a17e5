/** Figures in the manuals are those of the constants that set them. A constant that is changed names here the line that is stale. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { shownDuration } from '../contract/duration.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The value of a constant as its source has it: a number, or a product of numbers. */
const constantOf = (path: string, name: string): number => {
  const [, text = ''] =
    new RegExp(`^(?:export )?const ${name} = ([\\d_ .*]+)$`, 'm').exec(read(path)) ??
    new RegExp(`^  ${name}: ([\\d_.]+),$`, 'm').exec(read(path)) ??
    []
  const value = text
    .replaceAll('_', '')
    .split(/ \* (?=\d)/)
    .map((factor) =>
      factor
        .split(' ** ')
        .map(Number)
        .reduce((base, power) => base ** power),
    )
    .reduce((product, factor) => product * factor, 1)
  assert.ok(text !== '' && Number.isFinite(value), `${path} has no constant ${name} that is a number`)
  return value
}

const grouped = (value: number): string => value.toLocaleString('en-US')
const mib = (value: number): string => `${value / 2 ** 20} MiB`
const gib = (value: number): string => `${value / 2 ** 30} GiB`
const kib = (value: number): string => `${value / 1024} KiB`
const seconds = (value: number): string => `${value / 1000} s`

type Limit = readonly [path: string, name: string, sentence: (value: number) => string]

const server: readonly Limit[] = [
  ['config/defaults.ts', 'maxBodyMib', (value) => `| body | ${value} MiB (\`--max-body-mib\`)`],
  ['config/defaults.ts', 'maxConnections', (value) => `| connections | ${value} on each port`],
  ['config/defaults.ts', 'maxAnswerMib', (value) => `| answer | as JSON ${value} MiB, or a quarter`],
  ['http/connections.ts', 'mostPipelined', (value) => `| ${value} behind the first;`],
  ['../../contract/tls.ts', 'mostHandshakeMs', (value) => `at the gRPC port | ${seconds(value)};`],
  ['http/listener.ts', 'headersMs', (value) => `from their first byte | ${seconds(value)} and 16 KiB;`],
  ['http/listener.ts', 'requestMs', (value) => `| whole request | ${seconds(value)} |`],
  ['http/listener.ts', 'keepAliveMs', (value) => `| connection between two requests | ${seconds(value)} |`],
  ['http/listener.ts', 'stalledMs', (value) => `takes nothing | ${seconds(value)} to`],
  ['requests/unpacking.ts', 'atATime', (value) => `unpacked at a time | ${value}, the others wait`],
  ['requests/answer-size.ts', 'mostBinaryBytes', (value) => `; in binary ${gib(value)};`],
  ['requests/answer-size.ts', 'mostBinaryBytes', (value) => `raw tensors | ${gib(value)} by the shapes`],
  ['http/event-stream.ts', 'mostUnreadBytes', (value) => `ends when ${mib(value)} wait`],
  ['requests/answers-in-flight.ts', 'smallBytes', (value) => `| answers of ${kib(value)} and more`],
  ['requests/bytes-in-flight.ts', 'smallBytes', (value) => `bodies up to ${kib(value)} do not count`],
  ['protocol/binding.ts', 'maxRequestRows', (value) => `| input without elements | ${value} rows`],
  ['protocol/binding.ts', 'maxRequestRows', (value) => `makes for the model | ${value}, refused`],
  ['json/json-bounds.ts', 'mostParts', (value) => `BYTES tensor in binary | ${grouped(value)} |`],
  ['tasks/text/texts.ts', 'maxTextBytes', (value) => `| text, prompt | ${grouped(value)} bytes of UTF-8;`],
  ['tasks/text/combining-marks.ts', 'maxNormalised', (value) => `; ${grouped(value)} characters after NFKC`],
  ['tasks/text/combining-marks.ts', 'maxMarks', (value) => `; ${value} combining marks in a row`],
  ['tasks/instances.ts', 'maxInstances', (value) => `| \`instances\` | ${value} |`],
  ['openai/embeddings.ts', 'maxInputs', (value) => `of \`/v1/embeddings\` | ${value} (422)`],
  ['tasks/shared-members.ts', 'mostCharacters', (value) => `| ${value / 2 ** 20} Mi characters, times`],
  ['tasks/candidate-labels.ts', 'maxLabels', (value) => `| \`candidate_labels\` | ${value} (422)`],
  [
    'tasks/candidate-labels.ts',
    'maxHypothesesCharacters',
    (value) => `with their template ${grouped(value)} characters`,
  ],
  ['tasks/text/windows.ts', 'maxWindows', (value) => `| windows of a text | ${value} |`],
  ['tasks/picture/image.ts', 'maxPixels', (value) => `| picture | ${value / 1e6} million pixels,`],
  ['tasks/picture/image.ts', 'maxEdge', (value) => `; ${grouped(value)} in an edge,`],
  ['tasks/picture/image.ts', 'maxRatio', (value) => `at most ${value} times as long`],
  ['inference/prepared-items.ts', 'maxRequestPixels', (value) => `| ${value / 1e6} million pixels together`],
  ['tasks/picture/picture-input.ts', 'roomBytes', (value) => `of all requests | ${mib(value)};`],
  ['openai/request.ts', 'maxChoices', (value) => `| \`n\` of \`/v1\`, prompts | ${value} (422),`],
  ['openai/request.ts', 'maxPrompts', (value) => ` (422), ${value}; \`n\` times prompts`],
  ['openai/request.ts', 'maxTexts', (value) => `\`n\` times prompts ${value} (422)`],
  ['generation/parameters.ts', 'maxStops', (value) => `| \`stop\` | ${value} texts of`],
  ['generation/parameters.ts', 'maxStopLength', (value) => `texts of ${value} characters (422)`],
  ['openai/prompts.ts', 'maxMessages', (value) => `| messages of a chat | ${value}, together`],
  ['generation/chat-template.ts', 'mostBytes', (value) => `, together ${grouped(value)} bytes;`],
  ['openai/prompts.ts', 'maxPromptBytes', (value) => `that the template makes of them ${grouped(value)} |`],
  [
    'untrusted/untrusted-process.ts',
    'answerMs',
    (value) => `patterns-and-templates-of-the-folder)) | ${seconds(value)} (422)`,
  ],
  ['untrusted/untrusted-process.ts', 'answerMs', (value) => `| a text takes more than ${seconds(value)},`],
  [
    'untrusted/untrusted-process.ts',
    'mostWaitMs',
    (value) => `| a request waits more than ${seconds(value)} for`,
  ],
  ['untrusted/untrusted-process.ts', 'loadMs', (value) => `| a folder takes more than ${seconds(value)} to`],
  ['tasks/text/tokenizer-bounds.ts', 'mostFramed', (value) => `puts more than ${value} tokens around`],
  ['http/reply.ts', 'mostRestBytes', (value) => `read and dropped, up to ${gib(value)},`],
  ['http/reply.ts', 'mostRestMs', (value) => `, ${value / 1000} seconds, or 2 seconds`],
  ['grpc/message-bounds.ts', 'mostFields', (value) => `| fields | ${grouped(value)}, numbers`],
  ['grpc/message-bounds.ts', 'mostParameters', (value) => `; ${grouped(value)} |\n| inputs`],
  ['grpc/message-bounds.ts', 'mostTensors', (value) => `| ${grouped(value)} together |`],
  ['grpc/service.ts', 'mostStreams', (value) => `| calls | ${value} on one connection,`],
  ['grpc/gate.ts', 'mostCalls', (value) => `on one connection, ${value} in all;`],
  ['grpc/receiving.ts', 'messageMs', (value) => `| time for a message | ${seconds(value)} from`],
  ['tracing/span-queue.ts', 'mostRequests', (value) => `Up to ${value} requests wait for it`],
]

const requestLog: readonly Limit[] = [
  ['request-log/request-log.ts', 'mostEntries', (value) => `a ring of ${value} requests and`],
  ['request-log/request-log.ts', 'mostBytes', (value) => `requests and ${mib(value)}.`],
  ['http/request-entry.ts', 'mostBytes', (value) => `contents above ${kib(value)},`],
  ['request-log/cover.ts', 'leastHashKeyBytes', (value) => `shorter than ${value} bytes is refused`],
]

const operator: readonly Limit[] = [
  ['runtime/refused-writes.ts', 'longestRefusalMs', (value) => `is noticed within ${shownDuration(value)}.`],
]

const keys: readonly Limit[] = [
  ['api-keys.ts', 'leastCharacters', (value) => `the key is its content, ${value} characters or more`],
]

const holds = (manual: string, folder: string, limits: readonly Limit[]): void => {
  const text = read(manual)
  for (const [path, name, sentence] of limits)
    test(`${name} of ${path}`, () => {
      const expected = sentence(constantOf(`${folder}/${path}`, name))
      assert.ok(text.includes(expected), `${manual} does not say: ${expected}`)
    })
}

describe('limits in docs/serving.md:', () => holds('docs/serving.md', 'inference-server/src', server))
describe('limits of API keys in docs/serving.md:', () => holds('docs/serving.md', 'contract', keys))
describe('limits in docs/request-log.md:', () =>
  holds('docs/request-log.md', 'inference-server/src', requestLog))
describe('limits in docs/modeldeployment.md:', () =>
  holds('docs/modeldeployment.md', 'operator/src', operator))
