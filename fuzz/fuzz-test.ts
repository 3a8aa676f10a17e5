/** Makes tests of a fuzzer: its cases, and as many rounds as fit in a run of all tests. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { casesOf, checked, runRounds } from './run.ts'
import type { Fuzzer, Target } from './target.ts'

/** `FUZZ_SEED=7 npx node --test FILE` makes up other inputs. */
const seed = Number(process.env['FUZZ_SEED'] ?? 1)

/** @param promise what holds for all inputs: the name of the test */
export const fuzzTest = (
  target: Target,
  promise: string,
  options: { readonly skip?: string | false } = {},
): void => {
  void describe(`made-up input: ${target.name}`, options, () => {
    let fuzzer: Fuzzer
    before(async () => {
      fuzzer = await target.open()
    })
    after(() => fuzzer?.[Symbol.asyncDispose]())

    for (const [file, input] of casesOf(target))
      test(`what once failed holds: ${file}`, async () => void (await checked(fuzzer, input)))

    test(promise, async (context) => {
      const ends = await runRounds(fuzzer, seed, Array(target.rounds).keys())
      context.diagnostic(`FUZZ_SEED=${seed}: ${JSON.stringify(Object.fromEntries(ends))}`)
      await fuzzer.afterwards?.()
      for (const end of target.reaches) assert.ok(ends.has(end), `no input ended with "${end}"`)
    })
  })
}
