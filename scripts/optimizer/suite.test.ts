import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tallyOf } from './suite.ts'

const report = (cases: string): string =>
  `<?xml version="1.0"?><testsuites><testsuite tests="4">${cases}</testsuite></testsuites>`

test('tests of Python are counted by their outcome, and those that failed by their name', () => {
  const tally = tallyOf(
    report(
      [
        '<testcase classname="tests.test_a" name="test_one" time="0.1" />',
        '<testcase classname="tests.test_a" name="test_two[a&lt;b]" time="0.1"><failure message="no">at line 3</failure></testcase>',
        '<testcase classname="tests.test_a" name="test_three" time="0"><skipped message="no" /></testcase>',
      ].join(''),
    ),
  )
  const durations = new Map([['tests.test_a', 200]])
  assert.deepEqual(tally, { passed: 1, failed: ['tests.test_a: test_two[a<b]'], skipped: 1, durations })
})

test('a test that passed and whose fixture failed at the end failed', () => {
  const tally = tallyOf(
    report(
      '<testcase classname="tests.a" name="t" time="0" /><testcase classname="tests.a" name="t" time="0"><error message="x" /></testcase>',
    ),
  )
  assert.deepEqual([tally.passed, tally.failed, tally.skipped], [0, ['tests.a: t'], 0])
})
