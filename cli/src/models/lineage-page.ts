/** The page that `lineage` prints: a section for each version of the chain, each fact with its name. */
import type { ModelVersion } from '../cluster/resources.ts'
import { bytes, figure } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import { type Cell, fields, wrapped } from '../terminal/table.ts'
import type { Lineage } from './lineage.ts'
import { versionName } from './versions.ts'

export interface LineageOptions {
  readonly style: Style
  readonly columns: number
}

type Field = readonly [name: string, value: string | Cell | undefined]

/** What an older release, or a source without such a name, leaves open is said, so that a gap is seen. */
const notRecorded: Cell = { text: 'not recorded', colour: 'dim' }

const toolsOf = ({ tools }: ModelVersion): string | Cell => {
  if (!tools) return notRecorded
  const optimizer = tools.optimizer === undefined ? '' : `, optimizer ${tools.optimizer}`
  return `Gantry ${tools.gantry}, onnxruntime ${tools.onnxruntime}${optimizer}`
}

const requesterOf = ({ requestedBy }: ModelVersion): string | Cell =>
  requestedBy
    ? `${requestedBy.namespace}/${requestedBy.name}, generation ${requestedBy.generation}, uid ${requestedBy.uid}`
    : notRecorded

const signatureOf = ({ signature }: ModelVersion): Cell =>
  signature
    ? { text: `verified: ${signature.files} files, by the key ${signature.key}`, colour: 'green' }
    : { text: 'none', colour: 'yellow' }

const sourceFields = (version: ModelVersion): readonly Field[] => [
  ['source', version.source],
  ['revision', version.sourceRevision ?? notRecorded],
  ['signature', signatureOf(version)],
  ['signed digest', version.signature?.digest],
]

/** A recipe in words: `quantize int8-dynamic, prune structured`. */
const recipeOf = ({ optimization }: ModelVersion): string | undefined => {
  if (!optimization) return undefined
  const { export: exported, distill, graph, prune, quantize } = optimization.recipe
  const steps = [
    exported && 'export to ONNX',
    distill && `distill to ${distill.layers} of the layers and ${distill.width} of the width`,
    graph && `graph ${graph}`,
    prune && `prune ${prune.method} ${prune.ratio}`,
    quantize && `quantize ${quantize}`,
  ]
  return steps.filter((step) => step !== undefined).join(', ')
}

const agreementOf = ({ optimization }: ModelVersion): string | undefined => {
  const { agreement, agreementUnknown } = optimization ?? {}
  if (!agreement) return agreementUnknown && `unknown: ${agreementUnknown}`
  return `${figure(100 * agreement.sameAnswers)} % same answers on ${agreement.samples} ${agreement.inputs} inputs`
}

const verdictCell = (passed: boolean | undefined, text: string): Cell =>
  passed === undefined ? { text } : { text, colour: passed ? 'green' : 'red' }

const evaluationOf = ({ evaluation }: ModelVersion): Cell | undefined => {
  if (!evaluation) return undefined
  const { metric, value, dataset, passed, message } = evaluation
  const figures = value === undefined ? metric : `${metric} ${figure(value)}`
  const said = message === undefined ? '' : `; ${message}`
  return verdictCell(passed, `${figures} on ${dataset.source}${said}`)
}

const versionFields = (version: ModelVersion): readonly Field[] => [
  ...(version.parent === undefined
    ? sourceFields(version)
    : ([
        ['parent', version.parent],
        ['recipe', recipeOf(version)],
        ['agreement', agreementOf(version)],
      ] as const)),
  ['digest', version.digest],
  ['size', bytes(version.sizeBytes)],
  ['encrypted', version.encryptionKey === undefined ? undefined : `under the key ${version.encryptionKey}`],
  ['made', version.createdAt],
  ['asked for by', requesterOf(version)],
  ['tools', toolsOf(version)],
  ['evaluation', evaluationOf(version)],
  ['data', version.evaluation?.dataset.digest],
]

const rolloutColours = {
  Serving: 'green',
  Canary: 'cyan',
  RolledBack: 'red',
  Failed: 'red',
  Replaced: 'dim',
} as const

const rolloutLines = (
  { rollout = [] }: ModelVersion,
  { style, columns }: LineageOptions,
): readonly string[] =>
  rollout.flatMap(({ at, what, why = '' }) => [
    `${at}  ${style(rolloutColours[what], what)}`,
    ...wrapped(why, columns - 28).map((line) => `${' '.repeat(22)}${line}`),
  ])

const titleOf = (version: ModelVersion, { version: id }: Lineage): string =>
  version.id === id ? versionName(version) : `${versionName(version)}, from which it was made`

const section = (version: ModelVersion, lineage: Lineage, options: LineageOptions): readonly string[] => {
  const rollout = rolloutLines(version, options)
  return [
    '',
    options.style('bold', titleOf(version, lineage)),
    ...fields(versionFields(version), options.style).map((line) => `  ${line}`),
    ...(rollout.length === 0 ? [] : [`  ${options.style('dim', 'rollout')}`]),
    ...rollout.map((line) => `    ${line}`),
  ]
}

const nowOf = ({ now }: Lineage): string => {
  if (now.serves)
    return `It serves now, on ${now.readyReplicas === 1 ? '1 pod' : `${now.readyReplicas} pods`}.`
  return now.activeVersion === undefined
    ? 'No version serves now.'
    : `It does not serve now; ${now.activeVersion} does.`
}

/** @param head name of the model, as the caller shows it */
export const lineagePage = (lineage: Lineage, head: string, options: LineageOptions): readonly string[] => {
  const { style, columns } = options
  const notes = [...(lineage.now.damage === undefined ? [] : [lineage.now.damage]), ...lineage.remarks]
  return [
    head,
    `  ${nowOf(lineage)}`,
    ...lineage.chain.flatMap((version) => section(version, lineage, options)),
    ...(notes.length === 0 ? [] : ['', style('bold', 'To look at')]),
    ...notes.flatMap((note) => wrapped(note, columns - 4).map((line) => `  ${line}`)),
  ]
}
