/** One line on a terminal that says what an evaluation is doing. Nothing is written elsewhere. */
/** What an evaluation is doing. */
export interface Progress {
  readonly candidate: string | undefined
  readonly step: 'fetching' | 'accuracy' | 'load'
  readonly done: number
  readonly all: number
}

interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => boolean
}

const steps: Readonly<Record<Progress['step'], string>> = {
  fetching: 'fetching',
  accuracy: 'asking',
  load: 'loading',
}

/** The line is written anew so often at most, in milliseconds. */
const pauseMs = 100

/** @param candidates how many there are */
export const progressLine = (terminal: Terminal, candidates: number) => {
  let shownMs = Number.NEGATIVE_INFINITY
  let seen: string | undefined
  let place = 0
  const isTerminal = terminal.isTTY === true
  return {
    show: ({ candidate, step, done, all }: Progress): void => {
      if (!isTerminal) return
      if (step === 'accuracy' && candidate !== seen) {
        seen = candidate
        place += 1
      }
      if (performance.now() - shownMs < pauseMs) return
      shownMs = performance.now()
      const of = step === 'accuracy' ? ` (${place} of ${candidates})` : ''
      const line = `${steps[step]} ${candidate ?? 'all candidates in turn'}${of}: ${done} of ${all}`
      terminal.write(`\r\x1b[K${line.slice(0, (terminal.columns ?? 80) - 1)}`)
    },
    clear: (): void => {
      if (isTerminal) terminal.write('\r\x1b[K')
    },
  }
}
