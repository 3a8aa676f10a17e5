import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { importArguments } from '../contract/commands.ts'
import { importFailures } from '../contract/importing.ts'
import {
  announced,
  evaluationStates,
  evaluationSteps,
  evaluationTroubles,
  isStep,
  logged,
  states,
  steps,
  troubles,
} from '../contract/reasons.ts'
import type { Finding } from '../operator/src/runtime/finding.ts'
import { evaluationReasonTables, reasonFiles, reasonTables } from './reasons.ts'

const root = join(import.meta.dirname, '..')
const groups = [steps, troubles, states, announced, logged]
const evaluationGroups = [evaluationSteps, evaluationTroubles, evaluationStates]
const entriesOf = (some: readonly object[]) =>
  some.flatMap((group) => Object.entries(group) as [string, { means: string; next?: string }][])
const all = entriesOf([...groups, ...evaluationGroups])

test('a reason is defined once, by its name in CamelCase, with one sentence that says what it means', () => {
  const names = all.map(([name]) => name)
  assert.deepEqual([...new Set(names)], names)
  for (const [name, { means }] of all) {
    assert.match(name, /^[A-Z][A-Za-z]+$/)
    assert.match(means.replaceAll(/`[^`]+`/g, 'x'), /^[^.!?]+\.$/, name)
    assert.ok(means.split(/\s+/).length <= 25, `${name}: ${means}`)
  }
})

test('what to do about a reason has no full stop at its end and no line that would end its row of the table', () => {
  for (const [name, explanation] of all)
    if (explanation.next !== undefined) assert.match(explanation.next, /^[^|\n]+[^.|\n]$/, name)
})

test('the manuals have a row for each reason', () => {
  for (const [path, text] of reasonFiles(root)) assert.equal(readFileSync(join(root, path), 'utf8'), text)
  for (const [name] of entriesOf(groups))
    assert.match(reasonTables(), new RegExp(`^\\| \`${name}\` \\| `, 'm'))
  for (const [name] of entriesOf(evaluationGroups))
    assert.match(evaluationReasonTables(), new RegExp(`^\\| \`${name}\` \\| `, 'm'))
})

test('links of the tables lead to headings of the manual', () => {
  const manual = readFileSync(join(root, 'docs/modeldeployment.md'), 'utf8')
  const headings = [...manual.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  )
  for (const [, anchor = ''] of reasonTables().matchAll(/\]\(#([^)]+)\)/g))
    assert.ok(headings.includes(anchor), anchor)
})

test('every reason is told by a program', () => {
  const sources = [
    'operator/src/**/*.ts',
    'inference-server/src/**/*.ts',
    'optimizer/gantry_optimizer/**/*.py',
  ]
    .flatMap((files) => globSync(files, { cwd: root }))
    .filter((path) => !path.endsWith('.test.ts') && !path.includes('/testing/'))
    .filter((path) => !path.endsWith('/failure.py')) // the list of the reasons
    .map((path) => readFileSync(join(root, path), 'utf8').replaceAll('"', "'"))
    .join('\n')
  for (const [name] of all) assert.ok(sources.includes(`'${name}'`), `nothing tells ${name}`)
})

test('why an import failed is a trouble and no step', () => {
  for (const reason of importFailures) {
    assert.ok(Object.hasOwn(troubles, reason), reason)
    assert.equal(isStep(reason), false)
  }
  assert.equal(isStep('toString'), false)
})

test('a reason or an option that is misspelt does not compile', () => {
  // @ts-expect-error The compiler refuses it; where it does not, `npm run check` fails here.
  const finding: Finding = { reason: 'ImportFialed', message: '', retry: 'never' }
  // @ts-expect-error As above.
  const args = importArguments({ 'max-byte': 1 })
  assert.equal(Object.hasOwn(troubles, finding.reason), false)
  assert.deepEqual(args, ['--max-byte=1'])
})
