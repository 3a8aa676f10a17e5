import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onnxFile } from '../testing/onnx.ts'
import { operatorsWithRules } from './rules.ts'
import { compareWithRuns } from './testing/agreement.ts'
import { drawsOf } from './testing/draws.ts'
import { rounding } from './testing/equality.ts'
import type { Fact } from './testing/facts.ts'
import { controlApart, controlMeeting } from './testing/graphs/control.ts'
import { exportedApart, exportedMeeting } from './testing/graphs/exported.ts'
import { meetingGraphs } from './testing/graphs/meeting.ts'
import { dataOf, lengthsOf, wholeOf } from './testing/hand-built.ts'
import { provenFacts } from './testing/proven.ts'
import { operatorName } from './testing/reports.ts'
import { openGraph, runOrRefusal } from './testing/runtime.ts'
import { samples } from './testing/samples/index.ts'
import {
  along,
  alongWithout,
  crossed,
  type LaidOut,
  type Layout,
  laidOut,
} from './testing/samples/laid-out.ts'
import type { Sample } from './testing/samples/sample.ts'

/** Operators that onnxruntime has no kernel for without an accelerator. */
const onAccelerators = [
  'com.microsoft.BiasAdd',
  'com.microsoft.BiasSplitGelu',
  'com.microsoft.GroupNorm',
  'com.microsoft.RelativePositionBias',
]
/** It makes maps, which onnxruntime-node does not return. */
const unreadable = ['ai.onnx.ml.ZipMap']
const nameOf = ({ op, domain }: Sample): string => operatorName(domain, op)
const lettersOf = ({ operands }: Sample): readonly string[] => [
  ...new Set(operands.flatMap((operand) => operand?.axes.filter((axis) => Number.isNaN(Number(axis))) ?? [])),
]

const ran = new Set<string>()

/** Whether the rules follow it: a tensor that has a row axis, or whose elements are known from lengths. */
const isFollowed = (fact: Fact | undefined): boolean =>
  fact !== undefined && (fact.kind === 'padded' || fact.axis !== undefined || fact.values !== undefined)

/** Compares every tensor with the prover's word. @returns the first output's fact, and how many mixtures ran */
const checked = async (sample: Sample, { model, outputs, data }: LaidOut) => {
  const file = onnxFile(model)
  const facts = provenFacts(file)
  const fact = facts.get(outputs[0] as string)
  const session = await openGraph(file).catch(() => undefined)
  if (!session) return { fact, compared: 0 }
  const { contradictions, compared, onlyParts } = await compareWithRuns({
    facts,
    data,
    lengths: {},
    run: (inputs) => runOrRefusal(session, inputs),
  })
  assert.deepEqual([...contradictions], [])
  if (fact?.kind === 'rows') assert.equal(onlyParts, 0, 'the whole is refused where its parts run')
  if (compared > 0 && outputs.some((output) => isFollowed(facts.get(output)))) ran.add(nameOf(sample))
  return { fact, compared }
}

const described = ({ op, opset, attributes }: Sample): string =>
  `${op}${opset === undefined ? '' : ` of opset ${opset}`} ${JSON.stringify(attributes ?? {})}`

/** The rows stay apart but for steps of the scale. @param step largest difference */
const checkScaled = async ({ model, outputs, data }: LaidOut, axis: number, step: number): Promise<void> => {
  const session = await openGraph(onnxFile(model))
  const [name] = outputs as [string]
  const { contradictions } = await compareWithRuns({
    facts: new Map([[name, { kind: 'rows', axis, scaled: false }]]),
    data,
    lengths: {},
    floor: step / rounding.FP32,
    run: (inputs) => runOrRefusal(session, inputs),
  })
  assert.deepEqual([...contradictions], [])
}

/** Rows along the letter, in every operand that can hold them there. */
const checkApart = async (sample: Sample, letter: string, seed: number): Promise<void> => {
  const graph = laidOut(sample, along(letter), drawsOf(seed))
  if (!graph) return
  const { fact, compared } = await checked(sample, graph)
  if (!sample.apart.includes(letter) || onAccelerators.includes(nameOf(sample))) return
  assert.equal(fact?.kind, 'rows', `rows along ${letter}`)
  assert.ok(compared > 0, `rows along ${letter} run`)
  assert.equal(fact.scaled, sample.scaled !== undefined)
  const isReal = sample.op !== 'DynamicQuantizeLinear'
  if (sample.scaled !== undefined && isReal) await checkScaled(graph, fact.axis as number, sample.scaled)
}

/** Layouts in which operands disagree about the rows. */
const oddLayouts = (sample: Sample): readonly Layout[] => {
  const letters = lettersOf(sample)
  const holding = (letter: string): readonly number[] =>
    sample.operands.flatMap((operand, place) =>
      operand && !operand.fixed && operand.axes.includes(letter) ? [place] : [],
    )
  return letters.flatMap((letter) =>
    holding(letter).flatMap((place) => [
      alongWithout(letter, place),
      ...letters.filter((other) => other !== letter).map((other) => crossed(letter, place, other)),
    ]),
  )
}

describe('an operator says of its rows what its runs show', () => {
  for (const [seed, sample] of samples.entries()) {
    test(described(sample), async () => {
      for (const letter of lettersOf(sample)) await checkApart(sample, letter, seed)
      for (const layout of oddLayouts(sample)) {
        const graph = laidOut(sample, layout, drawsOf(seed))
        if (graph) await checked(sample, graph)
      }
    })
  }
})

describe('a graph says of all its tensors what its runs show', () => {
  for (const graph of [
    ...controlApart,
    ...exportedApart,
    ...meetingGraphs,
    ...controlMeeting,
    ...exportedMeeting,
  ]) {
    test(graph.name, async () => {
      const model = wholeOf(graph)
      const session = await openGraph(onnxFile(model)).catch(() => undefined)
      if (!session) return assert.notEqual(graph.neverRuns, undefined)
      const facts = provenFacts(onnxFile(model))
      const { contradictions, compared } = await compareWithRuns({
        facts,
        data: dataOf(graph, model, 5),
        lengths: lengthsOf(graph),
        run: (inputs) => runOrRefusal(session, inputs),
      })
      assert.deepEqual([...contradictions], [])
      if (compared === 0) return
      for (const { op, domain, outputs } of model.nodes)
        if (outputs.some((output) => isFollowed(facts.get(output)))) ran.add(operatorName(domain, op))
    })
  }
})

test('every rule was executed, and its result compared', () => {
  const rules = [...operatorsWithRules()].flatMap(([domain, operators]) =>
    operators.map((operator) => operatorName(domain, operator)),
  )
  const missing = rules.filter((name) => !ran.has(name))
  assert.deepEqual(new Set(missing), new Set([...onAccelerators, ...unreadable]))
})
