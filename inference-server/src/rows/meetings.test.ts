import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onnxFile } from '../testing/onnx.ts'
import { compareWithRuns } from './testing/agreement.ts'
import type { Facts } from './testing/facts.ts'
import { controlApart, controlMeeting } from './testing/graphs/control.ts'
import { exportedApart, exportedMeeting } from './testing/graphs/exported.ts'
import { meetingGraphs } from './testing/graphs/meeting.ts'
import { dataOf, type HandBuilt, modelOf } from './testing/hand-built.ts'
import { proofOf } from './testing/proven.ts'
import { openGraph, runOrRefusal } from './testing/runtime.ts'

/** What `independent` says of an output. */
const apart = { kind: 'rows', axis: 0, entriesPerRow: 1, scaled: false } as const

/** Runs the graph as it is served, in parts and whole. @param floor see `same` */
const runsOf = async (graph: HandBuilt, floor: number) => {
  const model = modelOf(graph)
  const session = await openGraph(onnxFile(model), 'all')
  const facts: Facts = new Map(model.outputs.map(({ name }) => [name, apart]))
  return compareWithRuns({
    facts,
    data: dataOf(graph, model, 5),
    lengths: {},
    floor,
    run: (inputs) => runOrRefusal(session, inputs),
  })
}

describe('rows that stay apart', () => {
  for (const graph of [...controlApart, ...exportedApart]) {
    test(`are proven to, and do: ${graph.name}`, async () => {
      assert.deepEqual(proofOf(onnxFile(modelOf(graph))), { verdict: 'independent' })
      const { contradictions, compared, onlyParts } = await runsOf(graph, 1e-3)
      assert.deepEqual([...contradictions.values()], [])
      assert.ok(compared > 0)
      assert.equal(onlyParts, 0)
    })
  }
})

describe('rows that meet', () => {
  for (const graph of [...meetingGraphs, ...controlMeeting, ...exportedMeeting]) {
    test(`are not taken for independent: ${graph.name}`, async () => {
      assert.notEqual(proofOf(onnxFile(modelOf(graph))).verdict, 'independent')
      if (graph.neverRuns !== undefined) return
      const { contradictions } = await runsOf(graph, 0)
      assert.notEqual(contradictions.size, 0, 'onnxruntime shows that they meet')
    })
  }
})
