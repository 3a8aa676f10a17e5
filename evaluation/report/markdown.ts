/** The report of an evaluation as Markdown. */
import type { EvaluationSummary } from './summary.ts'

export const reportMarkdown = (summary: EvaluationSummary): string => `# ${summary.name}\n`
