/** A search on a real model: variants that need no optimizer, in short rounds. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SearchSpec } from '@gantry/evaluation/variants.ts'
import { createLog } from '../process/log.ts'
import type { Evaluation } from './evaluation.ts'
import { fetchings } from './fetching.ts'
import { usualDriver } from './machine/gpus.ts'
import { readMachine } from './machine/hardware.ts'
import { search } from './search.ts'

const example = join(import.meta.dirname, '../../../examples/breast-cancer')
const pace = { rounds: 2, leastRounds: 1, measureMs: 20, leastMeasureMs: 10, warmMs: 50 }
const spec: SearchSpec = {
  candidates: [{ name: 'logistic', task: 'tensor' }],
  variants: { threads: [1, 2, 3, 4, 5] },
}

/** @param events gets what the search says of its progress @param interrupted is aborted as soon as round 2 begins */
const evaluationIn = async (
  dir: string,
  events: string[],
  interrupted?: AbortController,
): Promise<Evaluation> => {
  const log = createLog({ level: 'error', nowMs: () => performance.now() })
  const { signal } = interrupted ?? new AbortController()
  const sources = {
    ...{ allowHttpCredentials: false, allowLoopback: false, allowPrivate: true },
    ...{ maxBytes: undefined, caFile: undefined },
  }
  return {
    ...{ env: process.env, log, signal, pace, workspace: dir, volume: join(dir, 'models') },
    ...fetchings(sources, {}, log, signal),
    request: {
      candidates: [{ name: 'logistic', task: 'tensor', source: `file://${example}/model` }],
      dataset: { source: `file://${example}/data/heldout.jsonl` },
      ...{ metric: 'accuracy', concurrencies: [1] },
    },
    machine: await readMachine(undefined, usualDriver({})),
    servers: new Set(),
    nowMs: () => performance.now(),
    leavesReference: () => false,
    onProgress: ({ step, round }) => {
      events.push(`${step} ${round?.number ?? 'before'}`)
      if (round?.number === 2) interrupted?.abort()
    },
  }
}

const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-search-'))
  try {
    await work(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}

test('rounds drop the worst variants with a reason, and a search that was interrupted measures only what is missing', async () => {
  await inFolder(async (dir) => {
    const options = { spec, costOf: undefined, optimizer: undefined, work: join(dir, 'work') }
    const interrupted = new AbortController()
    const stopped = search(await evaluationIn(dir, [], interrupted), options)
    await assert.rejects(stopped, { name: 'AbortError' })
    const events: string[] = []
    const first = await search(await evaluationIn(dir, events), options)
    assert.ok(!events.includes('accuracy 1') && events.includes('accuracy 2'))
    assert.deepEqual(
      first.spec.candidates.map(({ name }) => name),
      [1, 2, 3, 4, 5].map((threads) => `logistic.t${threads}`),
    )
    const { results, ineligible } = first.ranking
    // The one that others are compared with stays, whatever its place was.
    assert.ok(results.length === 4 || results.length === 5)
    assert.ok(results.some(({ name }) => name === 'logistic.t1'))
    assert.equal(results.length + ineligible.length, 5)
    for (const { reasons } of ineligible)
      assert.match(
        reasons.join(),
        /^dropped after round 1 of 2: place \d of 5 by its score \(p95 .* 72 samples\)$/,
      )
    assert.equal(first.evaluated?.dataset.samples, 143)
  })
})

test('a recipe without an optimizer is refused before anything is fetched', async () => {
  await inFolder(async (dir) => {
    const wanted: SearchSpec = { ...spec, variants: { optimize: [{ quantize: 'int4' }] } }
    const options = { spec: wanted, costOf: undefined, optimizer: undefined, work: undefined }
    await assert.rejects(search(await evaluationIn(dir, []), options), /need the optimizer; give its command/)
  })
})
