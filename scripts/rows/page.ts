/** docs/rows.md as text. */
import type { Exported, Failure, ProofTime, Run } from './zoo.ts'

/** Relative difference up to which rows alone and in mixtures count as the same. */
const tolerance = 1e-4

const verdicts = ['independent', 'scaled', 'unproven', 'unbatchable'] as const

const table = (head: readonly string[], lines: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const grouped = <T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> =>
  Map.groupBy(items, key)

const has = (verdict: string) => (model: Exported) => model.proof.verdict === verdict

const agrees = (run: Run | undefined): boolean =>
  run !== undefined && 'difference' in run && run.difference <= tolerance
const ran = (run: Run | undefined): boolean => run !== undefined && 'difference' in run

const counts = (name: string, models: readonly Exported[]): readonly (string | number)[] => {
  const independent = models.filter(has('independent'))
  return [
    name,
    models.length,
    ...verdicts.map((verdict) => models.filter(has(verdict)).length),
    independent.filter(({ run }) => ran(run)).length,
    independent.filter(({ run }) => agrees(run)).length,
  ]
}

const byExporter = (models: readonly Exported[]): string =>
  table(
    ['exporter', 'files', ...verdicts, 'independent ones executed', 'of these, agreed'],
    [
      ...[...grouped(models, ({ exporter }) => exporter)].map(([name, some]) => counts(name, some)),
      counts('all', models),
    ],
  )

const list = (models: readonly Exported[]): string => models.map(({ variant }) => variant).join(', ')

const byArchitecture = (models: readonly Exported[]): string =>
  table(
    ['exporter', 'architecture', 'nodes', 'independent', 'scaled', 'neither'],
    [...grouped(models, ({ exporter, architecture }) => `${exporter} | ${architecture}`)].map(
      ([name, some]) => [
        name,
        Math.max(...some.map(({ nodes }) => nodes)),
        list(some.filter(has('independent'))),
        list(some.filter(has('scaled'))),
        list(some.filter(({ proof }) => proof.verdict === 'unproven' || proof.verdict === 'unbatchable')),
      ],
    ),
  )

const escaped = (text: string): string => text.replaceAll('|', '\\|')

const blame = ({ exporter, architecture, variant, proof }: Exported): readonly string[] => {
  if (proof.verdict === 'independent') return []
  const node = proof.node === undefined ? '' : `${proof.operator} '${proof.node}'`
  return [proof.verdict, `${exporter}/${architecture}/${variant}`, escaped(node), escaped(proof.reason)]
}

const blamed = (models: readonly Exported[], which: (model: Exported) => boolean): string =>
  table(['verdict', 'file', 'first node to blame', 'why'], models.filter(which).map(blame))

/** What onnxruntime says, without what it puts in front. */
const plain = (error: string): string =>
  error.replace(/^\[ONNXRuntimeError\] : \d+ : \w+ : /, '').replace(/Load model from \S+ failed: ?/, '')

const unlike = (models: readonly Exported[]): string => {
  const lines = models
    .filter(({ proof, run }) => proof.verdict === 'independent' && !agrees(run))
    .map(({ exporter, architecture, variant, run }) => [
      `${exporter}/${architecture}/${variant}`,
      run === undefined
        ? 'not run'
        : 'error' in run
          ? escaped(plain(run.error))
          : `differs by ${run.difference.toExponential(1)}`,
    ])
  return lines.length === 0 ? 'None.' : table(['file', 'what happened'], lines)
}

const times = (lines: readonly ProofTime[]): string =>
  table(
    ['file', 'nodes', 'first proof of a process, ms', 'later ones, ms'],
    lines.map(({ name, nodes, firstMs, warmMs }) => [name, nodes, firstMs.toFixed(0), warmMs.toFixed(1)]),
  )

const unwritten = (lines: readonly Failure[]): string =>
  table(
    ['file', 'what the tool said'],
    lines.map(({ name, said }) => [name, escaped(said)]),
  )

const sentences = (models: readonly Exported[]): string => {
  const executed = models.filter(({ proof, run }) => proof.verdict === 'independent' && ran(run))
  const bits = executed.filter(({ run }) => run !== undefined && 'same_bits' in run && run.same_bits).length
  const widest = Math.max(
    ...executed.map(({ run }) => (run !== undefined && 'difference' in run ? run.difference : 0)),
  )
  return `${executed.length} of the independent ones were executed; the largest relative difference is ${widest.toExponential(1)}, and ${bits} have the same bits.`
}

/** What the verdicts mean. */
const introduction = `# Which exported models have independent rows

Gantry proves from the graph of a model that no answer depends on the rows of another request
([serving.md](serving.md)). This page lists what is proven of models as today's exporters write them. It is made by a script, see the end.

- **independent**: proven. Requests share batches.
- **scaled**: proven, but for a quantization scale that is taken over the whole batch. Texts and pictures share batches; raw tensors of
  callers do so only where the user says \`independent\`.
- **unproven**: rows meet, or an operator or its form has no rule. Each request runs alone, unless the user says \`independent\`.
- **unbatchable**: the inputs have no first axis that is free and shared.

Merged decoders are proven with their switch (\`use_cache_branch\`) off and on, since all rows of a step share it. Axes whose name is a sum, such as
\`past_sequence_length + sequence_length\`, are taken to be that long; the server refuses requests where they are not.`

const origin = `## How this page is made

The models have random weights and small widths; the graphs are what counts. [bench/exporters](../bench/exporters/README.md) writes and
executes them with the pinned versions in its requirements, and \`node scripts/rows/main.ts FOLDER\` proves them and writes this page.
Continuous integration does neither, since torch and its companions are several gigabytes; its unit tests prove the graphs in
\`inference-server/golden/graphs\`, which are taken from the same files, without weights.`

const execution = (models: readonly Exported[]): string => `## Execution

Rows were run alone and in mixtures of 1 + 1, 2 + 1 and 1 + 3 with Python's onnxruntime 1.30.0 on random inputs. The relative difference
is that to the largest number of the tensor; texts, whole numbers and flags have to be the same.
${sentences(models)}

Independent ones that were not run, or differ by more than ${tolerance}:

${unlike(models)}`

/** @param timed graphs whose proof was timed, large ones */
export const page = (
  models: readonly Exported[],
  failed: readonly Failure[],
  timed: readonly ProofTime[],
): string => `${introduction}

${byExporter(models)}

## By architecture

${byArchitecture(models)}

## Neither independent nor scaled

${blamed(models, ({ proof }) => proof.verdict === 'unproven' || proof.verdict === 'unbatchable')}

## Scaled

${blamed(models, has('scaled'))}

${execution(models)}

## Time of the proof

Graphs of 500 nodes and more, reading of the file included: the shortest of three processes, and of twenty further proofs in each.

${times(timed)}

## Not written

These variants could not be made, for faults of the tools that make them:

${unwritten(failed)}

${origin}
`
