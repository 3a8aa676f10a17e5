import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onnxFile } from '../testing/onnx.ts'
import { compareWithRuns } from './testing/agreement.ts'
import { drawsOf } from './testing/draws.ts'
import { provenFacts, ruleNames } from './testing/proven.ts'
import { operatorName } from './testing/reports.ts'
import { openGraph, runOrRefusal } from './testing/runtime.ts'
import { samples } from './testing/samples/index.ts'
import { type LaidOut, laidOut } from './testing/samples/laid-out.ts'
import type { Sample } from './testing/samples/sample.ts'

/** Operators that onnxruntime has no kernel for without an accelerator: they are proven, and no CPU can run them. */
const onAccelerators = new Set([
  'com.microsoft.BiasAdd',
  'com.microsoft.BiasSplitGelu',
  'com.microsoft.GroupNorm',
])

const nameOf = ({ op, domain }: Sample): string => operatorName(domain, op)
const lettersOf = ({ operands }: Sample): readonly string[] => [
  ...new Set(operands.flatMap((operand) => operand?.axes.filter((axis) => Number.isNaN(Number(axis))) ?? [])),
]

const ran = new Set<string>()

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
  if (compared > 0 && outputs.some((output) => facts.get(output)?.axis !== undefined)) ran.add(nameOf(sample))
  return { fact, compared }
}

const described = ({ op, opset, attributes }: Sample): string =>
  `${op}${opset === undefined ? '' : ` of opset ${opset}`} ${JSON.stringify(attributes ?? {})}`

describe('an operator says of its rows what its runs show', () => {
  for (const [index, sample] of samples.entries()) {
    test(described(sample), async () => {
      for (const letter of lettersOf(sample)) {
        const whole = laidOut(sample, letter, drawsOf(index))
        if (whole) {
          const { fact, compared } = await checked(sample, whole)
          if (sample.apart.includes(letter) && !onAccelerators.has(nameOf(sample))) {
            assert.equal(fact?.kind, 'rows', `rows along ${letter}`)
            assert.ok(compared > 0, `rows along ${letter} run`)
            assert.equal(fact.scaled, sample.scaled === true)
          }
        }
        for (const place of sample.operands.keys()) {
          const without = laidOut(sample, letter, drawsOf(index), place)
          if (without) await checked(sample, without)
        }
      }
    })
  }
})

test('every rule was executed with rows', () => {
  const missing = ruleNames().filter((name) => !ran.has(name) && !onAccelerators.has(name))
  assert.deepEqual(missing, [])
})
