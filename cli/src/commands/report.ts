import { writeFile } from 'node:fs/promises'
import type { EvaluationSummary } from '@gantry/evaluation/report/summary.ts'
import { findEvaluation } from '../cluster/find.ts'
import type { Session } from '../cluster/session.ts'
import type { Command } from '../command-line/command.ts'
import { reportsOf } from '../evaluations/reports.ts'
import { exitCodes, failed, wrongUsage } from '../failure.ts'
import { jsonText } from '../terminal/documents.ts'

const forms = ['markdown', 'html', 'json'] as const
type Form = (typeof forms)[number]

const isForm = (text: string): text is Form => (forms as readonly string[]).includes(text)

/** The form that is given, else that of the end of the file's name. */
const formOf = (given: string | undefined, file: string | undefined): Form => {
  if (given !== undefined && isForm(given)) return given
  if (file?.endsWith('.html')) return 'html'
  return file?.endsWith('.json') ? 'json' : 'markdown'
}

const textOf = async (summary: EvaluationSummary, form: Form): Promise<string> => {
  switch (form) {
    case 'markdown':
      return (await import('@gantry/evaluation/report/markdown.ts')).reportMarkdown(summary)
    case 'html':
      return (await import('@gantry/evaluation/report/page.ts')).reportHtml(summary)
    case 'json':
      return jsonText(summary)
  }
}

const summaryOf = async (session: Session, name: string): Promise<EvaluationSummary> => {
  const evaluation = await findEvaluation(session, name)
  const reports = await reportsOf(session, name)
  if (!evaluation.status?.results && reports.length === 0)
    throw failed(
      `${name} has no result yet.`,
      `\`gantry evaluate ${name}\` waits for it; \`gantry describe ${name}\` says what it waits for.`,
    )
  const { spec, status = {} } = evaluation
  return { name, namespace: session.namespace, spec, status, reports } as EvaluationSummary
}

export const report: Command = {
  name: 'report',
  summary: 'prints the report of an evaluation: ranking, intervals, latencies, mistakes, plots',
  about: 'The HTML is one file that loads nothing from elsewhere. The plots are in it only.',
  arguments: [{ name: 'NAME', required: true, about: 'an evaluation', completes: 'evaluations' }],
  options: {
    form: {
      type: 'string',
      short: 'o',
      value: forms.join('|'),
      about: 'default: markdown, or by the name of the file',
      choices: forms,
    },
    output: {
      type: 'string',
      value: 'FILE',
      about: 'writes it there instead of printing it',
      completes: 'files',
    },
  },
  usesCluster: true,
  examples: [['report which-intents --output report.html', 'a page for a browser']],
  run: async ({ given, session, stdout, note }) => {
    const file = given.text('output')
    const text = await textOf(
      await summaryOf(await session(), given.arguments[0] ?? ''),
      formOf(given.text('form'), file),
    )
    if (file === undefined) stdout.write(text.endsWith('\n') ? text : `${text}\n`)
    else {
      await writeFile(file, text).catch((error: Error) => {
        throw wrongUsage(`${file} cannot be written: ${error.message}.`)
      })
      note(`${file} is written.`)
    }
    return exitCodes.done
  },
}
