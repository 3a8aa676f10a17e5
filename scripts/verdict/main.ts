/**
 * `npm run verdict` simulates rollouts: how often a version that is no worse is rejected, and how soon one that is worse.
 * `--write` puts the tables into docs/rollouts-verdict.md. A situation takes about half a minute.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PowerRow, powers } from '../../evaluation/canary/testing/powers.ts'
import { quantile, requestsPerLook, simulate } from '../../evaluation/canary/testing/simulation.ts'
import { type Row, rows } from '../../evaluation/canary/testing/situations.ts'
import { optionsOrEnd, readCommandLine } from '../command-line.ts'
import { type VerdictOptions, verdictOptions, verdictUsage } from './options.ts'

const page = join(import.meta.dirname, '../../docs/rollouts-verdict.md')

const say = (line: string): string => {
  console.log(line)
  return line
}

const errorRow = ({ rollouts, looks }: VerdictOptions, { name, kind, nominal, situation }: Row): string => {
  const { rejected } = simulate(situation(looks), rollouts)
  return say(`| ${name} | ${kind === 'valid' ? nominal.toFixed(3) : 'broken'} | ${rejected.toFixed(4)} |`)
}

const powerRow = ({ rollouts }: VerdictOptions, { name, expected, situation }: PowerRow): string => {
  const { canaryRequests, requests } = simulate(situation, rollouts)
  const of = (ascending: readonly number[]): string =>
    [0.5, 0.8, 0.95].map((share) => quantile(ascending, share)).join(' / ')
  return say(
    `| ${name} | ${of(canaryRequests)} | ${of(requests)} | ${expected.map((value) => value ?? '-').join(' / ')} |`,
  )
}

const errorTable = (options: VerdictOptions): string =>
  [
    say('| situation | promised | rejected |'),
    say('| --- | --: | --: |'),
    ...rows.map((row) => errorRow(options, row)),
  ].join('\n')

const powerTable = (options: VerdictOptions): string =>
  [
    say('| the version | canary requests: half, 80 %, 95 % | all requests | canary requests in numpy |'),
    say('| --- | --: | --: | --: |'),
    ...powers.map((row) => powerRow(options, row)),
  ].join('\n')

/** @throws Error where the page has no place for it */
const replaced = (text: string, name: string, table: string): string => {
  const [begin, end] = [`<!-- ${name} of npm run verdict -->`, `<!-- end of ${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} does not have the lines ${begin} and ${end}`)
  return `${text.slice(0, from)}${begin}\n${table}\n${text.slice(to)}`
}

if (import.meta.main) {
  const options = optionsOrEnd(readCommandLine(process.argv.slice(2), verdictOptions), verdictUsage)
  const taken = say(
    `${options.rollouts} rollouts of ${options.looks * requestsPerLook} requests each, with a look after every ${requestsPerLook}.\n`,
  )
  const [errors, power] = [errorTable(options), powerTable(options)]
  const text = replaced(replaced(readFileSync(page, 'utf8'), 'errors', `${taken}\n${errors}`), 'power', power)
  if (options.write) writeFileSync(page, text)
}
