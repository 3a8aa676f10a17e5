/** Command lines are read here without a program that would start: a mistake that it does not refuse would use the cluster. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzOptions } from '../fuzz/options.ts'
import { type CommandLine, readCommandLine } from './command-line.ts'
import { soakOptions } from './soak-options.ts'

const soak = (...args: string[]) => readCommandLine(args, soakOptions)
const fuzz = (...args: string[]) => readCommandLine(args, (given) => fuzzOptions(given, ['archive', 'http']))

test('--help is answered with the usage, whatever else is asked for', () => {
  assert.deepEqual(soak('--rounds', 'many', '--help'), { kind: 'help' })
  assert.deepEqual(fuzz('--help'), { kind: 'help' })
})

test('options of soak and fuzz are read, with their defaults', () => {
  assert.deepEqual(soak(), { kind: 'options', options: { rounds: 3, perSecond: 100, write: false } })
  assert.deepEqual(soak('--rounds', '1', '--per-second', '20', '--write'), {
    kind: 'options',
    options: { rounds: 1, perSecond: 20, write: true },
  })
  assert.deepEqual(fuzz('http', '--minutes', '0.5', '--seed', '7'), {
    kind: 'options',
    options: { names: ['http'], minutes: 0.5, seed: 7 },
  })
  assert.deepEqual(fuzz(), { kind: 'options', options: { names: [], minutes: 5, seed: undefined } })
})

const mistakes: readonly (readonly [CommandLine<unknown>, RegExp])[] = [
  [soak('--unheard-of'), /^Unknown option '--unheard-of'/],
  [soak('surplus'), /^Unexpected argument 'surplus'/],
  [soak('--rounds', 'many'), /^--rounds must be a whole number from 1, not many$/],
  [soak('--rounds', '1.5'), /^--rounds must be a whole number from 1, not 1\.5$/],
  [soak('--per-second', '0'), /^--per-second must be a whole number from 1, not 0$/],
  [fuzz('--unheard-of'), /^Unknown option '--unheard-of'/],
  [fuzz('nonsense'), /^There is no target nonsense$/],
  [fuzz('--minutes', 'long'), /^--minutes must be a number above 0, not long$/],
  [fuzz('--minutes', '0'), /^--minutes must be a number above 0, not 0$/],
  [fuzz('--seed', 'x'), /^--seed must be a whole number from 0, not x$/],
]
for (const [line, message] of mistakes)
  test(`a mistake is refused with ${message.source}`, () => {
    assert.equal(line.kind, 'refused')
    assert.match(line.kind === 'refused' ? line.message : '', message)
  })
