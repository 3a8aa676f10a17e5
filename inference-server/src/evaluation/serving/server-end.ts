/** Why the server of a candidate has ended, in words. */
import { isLogLine } from '@gantry/contract/documents.ts'
import { plainText, quoted } from '@gantry/contract/plain-text.ts'
import { CandidateError } from '../../accuracy/candidate-error.ts'
import { showBytes } from '../../failures/import-error.ts'
import { memoryBytes } from '../../process/memory.ts'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Whether it was told to. */
  readonly asked: boolean
  /** The end of its log. */
  readonly words: string
}

/** Lines of the log that say why a server ended. */
const keptLines = 3

/** A line of the log is JSON; its message is for people. */
const wordsOf = (line: string): string => {
  try {
    const parsed: unknown = JSON.parse(line)
    return isLogLine(parsed) ? parsed.message : line
  } catch {
    return line
  }
}

/** The last lines, those of a stack left out. */
export const lastWords = (log: string): string =>
  plainText(
    log
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^\s+at |^Node\.js v|^\s*\d+: 0x/.test(line))
      .slice(-keptLines)
      .map(wordsOf)
      .join('; '),
  )

/** What V8, the C++ library, onnxruntime and the server say where there is no memory left. */
const outOfMemory =
  /out of memory|not enough memory|bad_alloc|failed to allocate|allocation fail|cannot allocate memory/i

/** @param what a sentence of the server */
export const isOutOfMemory = (what: string): boolean => outOfMemory.test(what)

type End = ({ readonly kind: 'ended' } & Ended) | { readonly kind: 'slow'; readonly limitMs: number }

const advice = 'give the evaluation more memory, or take a smaller model'

const killed = (): string =>
  `the server was killed (SIGKILL), as the kernel does where memory is short; there are ${showBytes(memoryBytes())} here: ${advice}`

/** @param during what failed: the load of the model, or its answers */
export const whyEnded = (end: End, during: 'load' | 'answers'): CandidateError => {
  const reason = during === 'load' ? 'LoadFailed' : 'PredictionFailed'
  if (end.kind === 'slow')
    return new CandidateError(
      'OutOfTime',
      `the server was not ready after ${Math.round(end.limitMs / 1000)} s; give a longer timeBudget`,
    )
  const { code, signal, words } = end
  if (isOutOfMemory(words))
    return new CandidateError('OutOfMemory', `there is not enough memory: ${quoted(words)}; ${advice}`)
  if (signal === 'SIGKILL') return new CandidateError('OutOfMemory', killed())
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`
  const said = words === '' ? 'its log says nothing' : quoted(words)
  return new CandidateError(
    reason,
    during === 'load' && signal === null
      ? `the server cannot serve the model: ${said}`
      : `the server ended ${how}: ${said}`,
  )
}
