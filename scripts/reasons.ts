/** The tables of reasons in the manual, from contract/reasons.ts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  announced,
  evaluationStates,
  evaluationSteps,
  evaluationTroubles,
  logged,
  states,
  steps,
  troubles,
} from '../contract/reasons.ts'

type Explanations = Readonly<Record<string, { readonly means: string; readonly next?: string }>>

const manual = 'docs/modeldeployment.md'
const evaluationManual = 'docs/evaluation-kubernetes.md'
const begin =
  '<!-- Generated from contract/reasons.ts by scripts/generate.ts; change the reasons, not these tables. -->'
const end = '<!-- End of the generated tables. -->'

const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** @param usual what to do where a reason does not say it */
const withAdvice = (explanations: Explanations, usual: string): string =>
  table(
    ['reason', 'what it means', 'what to do'],
    Object.entries(explanations).map(([reason, { means, next }]) => [
      `\`${reason}\``,
      means,
      next === undefined ? usual : `${next}.`,
    ]),
  )

export const reasonTables = (): string =>
  [
    'A change is being carried out. Events with these reasons are no warnings:',
    withAdvice(steps, 'Wait.'),
    'The desired state is not reached. The message of the condition names the object and the field:',
    withAdvice(troubles, 'Wait.'),
    'There is no problem, or another condition names it:',
    withAdvice(states, ''),
    'Only Events have these reasons:',
    withAdvice(announced, ''),
    "Only the operator's log has these reasons:",
    withAdvice(logged, 'Wait.'),
  ].join('\n\n')

export const evaluationReasonTables = (): string =>
  [
    'The evaluation goes on. Events with these reasons are no warnings:',
    withAdvice(evaluationSteps, 'Wait.'),
    'The evaluation as a whole, or one of its candidates, cannot go on:',
    withAdvice(evaluationTroubles, 'Wait.'),
    'There is no problem:',
    withAdvice(evaluationStates, ''),
  ].join('\n\n')

/** A manual with its tables made anew. */
const withTables = (root: string, path: string, tables: string): string => {
  const text = readFileSync(join(root, path), 'utf8')
  const [before, rest] = text.split(begin)
  const [, after] = rest?.split(end) ?? []
  if (before === undefined || after === undefined)
    throw new Error(`${path} has no longer both lines between which the tables of reasons stand`)
  return `${before}${begin}\n\n${tables}\n\n${end}${after}`
}

/** The manuals by their paths. */
export const reasonFiles = (root: string): ReadonlyMap<string, string> =>
  new Map([
    [manual, withTables(root, manual, reasonTables())],
    [evaluationManual, withTables(root, evaluationManual, evaluationReasonTables())],
  ])
