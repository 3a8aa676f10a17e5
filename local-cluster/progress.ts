/** What a long command says while it works: lines that stay, and one line about the step that is running. */

export type Log = (line: string) => void

export interface Progress {
  /** A line that stays. */
  readonly line: Log
  /** The running step. A terminal shows it in one line that is rewritten; a log repeats it now and then. */
  readonly now: Log
}

/** The part of a stream that progress is written to. */
export interface Output {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** A log grows by at most one line about a running step in this time. */
const quietMs = 20_000
const eraseLine = '\r\x1b[2K'

/** Progress in one line at the bottom of a terminal. A longer line would wrap, and could not be rewritten. */
const onTerminal = (output: Output): Progress => {
  let shown = false
  const clear = (): string => {
    const text = shown ? eraseLine : ''
    shown = false
    return text
  }
  return {
    line: (text) => void output.write(`${clear()}${text}\n`),
    now: (text) => {
      output.write(`${clear()}${text.slice(0, (output.columns || 80) - 1)}`)
      shown = true
    },
  }
}

/** Progress in a file or a pipe: a running step is told when nothing else was for a while. */
const inLog = (output: Output, clock: () => number): Progress => {
  let lastMs = clock()
  const line: Log = (text) => {
    output.write(`${text}\n`)
    lastMs = clock()
  }
  return {
    line,
    now: (text) => {
      if (clock() - lastMs >= quietMs) line(text)
    },
  }
}

/** @param clock milliseconds */
export const progressOn = (output: Output, clock: () => number = () => performance.now()): Progress =>
  output.isTTY ? onTerminal(output) : inLog(output, clock)

/** Each line with the seconds since now in front. */
export const withElapsed = (progress: Progress, clock: () => number = () => performance.now()): Progress => {
  const start = clock()
  const prefixed = (text: string): string => `${((clock() - start) / 1000).toFixed(0).padStart(4)} s  ${text}`
  return {
    line: (text) => progress.line(prefixed(text)),
    now: (text) => progress.now(prefixed(text)),
  }
}

/** Passes on only the lines that `keep` accepts, and all running steps. */
export const filtered = ({ line, now }: Progress, keep: (text: string) => boolean): Progress => ({
  line: (text) => {
    if (keep(text)) line(text)
  },
  now,
})

export const noProgress: Progress = { line: () => undefined, now: () => undefined }

/** Whole minutes and seconds, as a reader of a running step needs them. */
export const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

/**
 * Tells every second that `work` is running, and for how long.
 * @param detail what else is known of it by now, such as `312 of 907 packages`
 */
export const during = async <T>(
  { now }: Progress,
  what: string,
  work: () => Promise<T>,
  detail: () => string = () => '',
): Promise<T> => {
  const start = performance.now()
  const tell = (): void => {
    const more = detail()
    now(`${what} … ${duration(performance.now() - start)}${more && `, ${more}`}`)
  }
  tell()
  const timer = setInterval(tell, 1000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
