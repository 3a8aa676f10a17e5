import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Step } from './plan.ts'
import { failureText, stepRunner } from './steps.ts'

const steps: readonly Step[] = [
  { name: 'cluster', what: 'a Kubernetes', took: '15 s' },
  { name: 'images', what: 'images', took: '1 min' },
]

test('each step is told with its number as it begins', async () => {
  const lines: string[] = []
  const step = stepRunner(steps, (line) => lines.push(line))
  await step('cluster', async () => undefined)
  assert.equal(await step('images', async () => 7), 7)
  await step('packages', async () => undefined) // not planned: nothing was missing
  assert.deepEqual(lines, ['1/2  a Kubernetes', '2/2  images'])
})

test('a failure says what failed and what to do next, by the step it happened in', async () => {
  const step = stepRunner(steps, () => undefined)
  const failed = await step('cluster', () => Promise.reject(new Error('port 6443 is in use'))).catch((e) => e)
  assert.match(
    failureText(failed, 'kubectl'),
    /^error: port 6443 is in use\n\nWhat to do next: Read the log .* `npm stop`/,
  )
})

test('a failure outside of all steps has a next step, too', () => {
  assert.match(
    failureText(new Error('only root may do that'), 'kubectl'),
    /only root[\s\S]*run `npm start` again/,
  )
})
