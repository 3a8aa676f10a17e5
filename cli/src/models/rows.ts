/** Rows of the tables of `get` and `versions`. */

import type { Evaluation, Model, ModelVersion } from '../cluster/resources.ts'
import { verdictOf } from '../evaluations/measured.ts'
import { age, bytes, shortDigest } from '../terminal/figures.ts'
import type { Colour } from '../terminal/style.ts'
import type { Column, Row } from '../terminal/table.ts'
import { canaryProgress } from './canary.ts'
import { stateCell } from './state.ts'
import { activeOf, versionName } from './versions.ts'

const namespaceColumn: Column = { title: 'NAMESPACE' }

export const modelColumns = (isEverywhere: boolean): readonly Column[] => [
  ...(isEverywhere ? [namespaceColumn] : []),
  { title: 'MODEL' },
  { title: 'STATE' },
  { title: 'TASK' },
  { title: 'VERSION' },
  { title: 'CANARY' },
  { title: 'PODS', isNumber: true },
  { title: 'AGE', isNumber: true },
]

export const modelRow = (model: Model, isEverywhere: boolean, nowMs: number): Row => {
  const active = activeOf(model)
  const { readyReplicas = 0, replicas = 0 } = model.status ?? {}
  return [
    ...(isEverywhere ? [model.metadata.namespace] : []),
    model.metadata.name,
    stateCell(model),
    model.spec.model.task,
    active ? versionName(active) : model.status?.activeVersion,
    canaryProgress(model),
    `${readyReplicas}/${replicas}`,
    age(model.metadata.creationTimestamp, nowMs),
  ]
}

export const evaluationColumns = (isEverywhere: boolean): readonly Column[] => [
  ...(isEverywhere ? [namespaceColumn] : []),
  { title: 'EVALUATION' },
  { title: 'STATE' },
  { title: 'MEASURED' },
  { title: 'WINNER' },
  { title: 'AGE', isNumber: true },
]

export const evaluationRow = (evaluation: Evaluation, isEverywhere: boolean, nowMs: number): Row => [
  ...(isEverywhere ? [evaluation.metadata.namespace] : []),
  evaluation.metadata.name,
  stateCell(evaluation),
  evaluation.status?.progress,
  evaluation.status?.winner,
  age(evaluation.metadata.creationTimestamp, nowMs),
]

export const versionColumns: readonly Column[] = [
  { title: 'VERSION' },
  { title: 'LABEL' },
  { title: 'PHASE' },
  { title: 'SIZE', isNumber: true },
  { title: 'CREATED', isNumber: true },
  { title: 'DIGEST' },
  { title: 'EVALUATION' },
]

const phaseColours: Readonly<Record<string, Colour>> = { Serving: 'green', Failed: 'red', RolledBack: 'red' }

export const versionRow = (version: ModelVersion, nowMs: number): Row => {
  const colour = phaseColours[version.phase]
  const ago = age(version.createdAt, nowMs)
  return [
    version.id,
    version.label,
    colour ? { text: version.phase, colour } : version.phase,
    bytes(version.sizeBytes),
    ago && `${ago} ago`,
    shortDigest(version.digest),
    verdictOf(version),
  ]
}
