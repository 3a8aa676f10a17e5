/** One line on a terminal that says what an evaluation is doing. Nothing is written elsewhere. */
/** What an evaluation is doing. */
export interface Progress {
  readonly candidate: string | undefined
  readonly step: 'fetching' | 'optimizing' | 'accuracy' | 'load'
  readonly done: number
  readonly all: number
  /** The round of a search. */
  readonly round?: { readonly number: number; readonly of: number; readonly variants: number }
}

interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => boolean
}

const steps: Readonly<Record<Progress['step'], string>> = {
  fetching: 'fetching',
  optimizing: 'optimizing',
  accuracy: 'asking',
  load: 'loading',
}

/** The line is written anew so often at most, in milliseconds. */
const pauseMs = 100

/** Which candidate of the round is asked, counted from 1. */
const placeCounter = () => {
  let seen: string | undefined
  let place = 0
  return ({ candidate, step, round }: Progress): number => {
    const key = `${round?.number} ${candidate}`
    if (step === 'accuracy' && key !== seen) {
      place = seen?.startsWith(`${round?.number} `) ? place + 1 : 1
      seen = key
    }
    return place
  }
}

/** @param candidates how many there are */
export const progressLine = (terminal: Terminal, candidates: number) => {
  let shownMs = Number.NEGATIVE_INFINITY
  const placeOf = placeCounter()
  const isTerminal = terminal.isTTY === true
  return {
    show: (progress: Progress): void => {
      if (!isTerminal) return
      const { candidate, step, done, all, round } = progress
      const place = placeOf(progress)
      if (performance.now() - shownMs < pauseMs) return
      shownMs = performance.now()
      const of = step === 'accuracy' ? ` (${place} of ${round?.variants ?? candidates})` : ''
      const inRound = round ? `round ${round.number} of ${round.of}: ` : ''
      const line = `${inRound}${steps[step]} ${candidate ?? 'all candidates in turn'}${of}: ${done} of ${all}`
      terminal.write(`\r\x1b[K${line.slice(0, (terminal.columns ?? 80) - 1)}`)
    },
    clear: (): void => {
      if (isTerminal) terminal.write('\r\x1b[K')
    },
  }
}
