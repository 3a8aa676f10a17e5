/** A child process that grows and checks random graphs: odd ones make onnxruntime abort the process that it runs in. */
import { type Model, onnxFile } from '../../testing/onnx.ts'
import { compareWithRuns } from './agreement.ts'
import type { Fact, Facts } from './facts.ts'
import { type Grown, growGraph } from './grown.ts'
import { provenFacts } from './proven.ts'
import { type GraphReport, operatorName } from './reports.ts'
import { openGraph, runOrRefusal } from './runtime.ts'

const written = ({ model }: Grown): string => {
  const constants = (model.constants ?? []).map(
    ({ name, datatype, shape, data }) => `  ${name}: ${datatype} [${shape}] ${[...data].slice(0, 12)}`,
  )
  const nodes = model.nodes.map(
    ({ op, domain, inputs, outputs, attributes }) =>
      `  ${operatorName(domain, op)}(${inputs}) -> ${outputs} ${JSON.stringify(attributes ?? {})}`,
  )
  const inputs = model.inputs.map(({ name, datatype, shape }) => `  ${name}: ${datatype} [${shape}]`)
  return [`opset ${model.opsets?.['']}`, ...inputs, ...constants, ...nodes].join('\n')
}

const countsOf = ({ model }: Grown, facts: Facts): Pick<GraphReport, 'tensors' | 'executed'> => {
  const tensors: Partial<Record<Fact['kind'], number>> = {}
  const executed: Record<string, number> = {}
  for (const node of model.nodes) {
    for (const output of node.outputs) {
      const fact = facts.get(output)
      if (!fact) continue
      tensors[fact.kind] = (tensors[fact.kind] ?? 0) + 1
      const name = operatorName(node.domain, node.op)
      if (fact.axis !== undefined) executed[name] = (executed[name] ?? 0) + 1
    }
  }
  return { tensors, executed }
}

const nothing = { compared: 0, verdict: '', tensors: {}, executed: {}, contradictions: [] } as const

const refusal = 'the whole is refused where its parts run'

interface Compared {
  readonly compared: number
  readonly contradictions: readonly string[]
}

/** Compares the graph, as onnxruntime runs it at this level of optimization, with all of its data. */
const comparedAt = async (
  level: 'disabled' | 'all',
  model: Model,
  facts: Facts,
  grown: Grown,
): Promise<Compared | undefined> => {
  const session = await openGraph(onnxFile(model), level).catch(() => undefined)
  if (!session) return undefined
  let compared = 0
  const contradictions: string[] = []
  for (const { inputs: data, lengths } of grown.data) {
    const agreement = await compareWithRuns({
      facts,
      data,
      lengths,
      run: (inputs) => runOrRefusal(session, inputs),
    })
    compared += agreement.compared
    for (const [tensor, found] of agreement.contradictions) contradictions.push(`${tensor}: ${found}`)
    if (agreement.onlyParts > 0) contradictions.push(refusal)
  }
  return { compared, contradictions }
}

/** The graph as it is served: optimized, with nothing but its last tensor as an output. */
const comparedAsServed = (last: string, fact: Fact, grown: Grown): Promise<Compared | undefined> =>
  comparedAt('all', { ...grown.model, outputs: [{ name: last }] }, new Map([[last, fact]]), grown)

const verdictOf = (fact: Fact | undefined): string => {
  if (fact?.kind !== 'rows' || fact.axis !== 0) return 'unproven'
  return fact.scaled ? 'scaled' : 'independent'
}

const checked = async (seed: number): Promise<GraphReport> => {
  const grown = await growGraph(seed)
  const last = grown.model.nodes.at(-1)?.outputs[0]
  if (last === undefined) return { ...nothing, seed, outcome: 'nothing grew' }
  const facts = provenFacts(onnxFile(grown.model))
  const each = await comparedAt('disabled', grown.model, facts, grown)
  if (!each) return { ...nothing, seed, outcome: 'refused' }
  const fact = facts.get(last)
  const verdict = verdictOf(fact)
  const served = verdict === 'independent' && fact ? await comparedAsServed(last, fact, grown) : undefined
  // Where every tensor is proven, nothing excuses a batch that is refused although its parts are not.
  const isProven = [...facts.values()].every(({ kind }) => kind !== 'unknown')
  const contradictions = [
    ...each.contradictions,
    ...(served?.contradictions ?? []).map((found) => `as served, ${found}`),
  ].filter((found) => isProven || !found.endsWith(refusal))
  return {
    seed,
    outcome: 'compared',
    compared: each.compared,
    verdict,
    ...(each.compared > 0 ? countsOf(grown, facts) : { tensors: {}, executed: {} }),
    contradictions:
      contradictions.length > 0 ? [`seed ${seed}: ${contradictions.join('; ')}\n${written(grown)}`] : [],
  }
}

const [from, to] = process.argv.slice(2).map(Number) as [number, number]
for (let seed = from; seed < to; seed += 1) process.send?.(await checked(seed))
process.disconnect?.()
