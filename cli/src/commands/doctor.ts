import type { Command } from '../command-line/command.ts'
import { examine } from '../doctor/checks.ts'
import type { Finding, Severity } from '../doctor/finding.ts'
import { exitCodes } from '../failure.ts'
import { columnsOf } from '../terminal/output.ts'
import type { Colour, Style } from '../terminal/style.ts'
import { wrapped } from '../terminal/table.ts'

const colours: Readonly<Record<Severity, Colour>> = { ok: 'green', warn: 'yellow', fail: 'red' }
const whatColumns = 12
const severityColumns = 6

const lines = (
  { what, severity, message, next }: Finding,
  style: Style,
  columns: number,
): readonly string[] => {
  const left = severityColumns + whatColumns
  const texts = [message, ...(next ? [`→ ${next}`] : [])].flatMap((text) => wrapped(text, columns - left))
  const head = style(colours[severity], severity.padEnd(severityColumns)) + what.padEnd(whatColumns)
  return texts.map((text, index) => (index === 0 ? head : ' '.repeat(left)) + text)
}

const exitCodeOf = (findings: readonly Finding[]) =>
  findings.some(({ severity }) => severity === 'fail') ? exitCodes.failed : exitCodes.done

export const doctor: Command = {
  name: 'doctor',
  summary: 'looks at the cluster, the installation and the rights, and says what to do',
  about: 'Ends with 1 where something fails; what is only warned of does not count.',
  arguments: [],
  options: {},
  usesCluster: true,
  hasDocument: true,
  run: async ({ session, form, print, printDocument, style, stdout }) => {
    const findings = await examine(await session())
    if (form) await printDocument(findings)
    else print(...findings.flatMap((finding) => lines(finding, style, columnsOf(stdout))))
    return exitCodeOf(findings)
  },
}
