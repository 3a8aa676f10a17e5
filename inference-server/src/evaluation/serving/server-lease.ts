/** Servers of candidates that stay between turns while there is room for all of them; else each is ended after its turn. */
import { peakMemoryBytes } from '../machine/process-memory.ts'
import type { ServerProcess } from './server-process.ts'

/** The server of one candidate. */
export interface Lease {
  /** The one that runs, or a new one. @throws CandidateError */
  readonly server: () => Promise<ServerProcess>
  /** Ends it where servers do not fit side by side. */
  readonly rest: () => Promise<void>
  /** Most memory that any of its processes held so far, in bytes. */
  readonly peakMemoryBytes: () => Promise<number>
  readonly close: () => Promise<void>
}

/** Share of the memory that servers may hold together while one of them works. */
const mostShare = 0.7

/** The memory of the servers that are there. */
export interface Room {
  /** Notes the peak memory of a server. */
  readonly note: (bytes: number) => void
  readonly isTight: () => boolean
}

export const createRoom = (memoryBytes: number): Room => {
  let held = 0
  return {
    note: (bytes) => {
      held += bytes
    },
    isTight: () => held > mostShare * memoryBytes,
  }
}

export const lease = (start: () => Promise<ServerProcess>, room: Room): Lease => {
  let running: ServerProcess | undefined
  let peakBytes = 0
  /** The kernel forgets the peak of a process that has ended. */
  const readPeak = async (): Promise<number> => {
    if (running) peakBytes = Math.max(peakBytes, await peakMemoryBytes(running.pid))
    return peakBytes
  }
  const close = async (): Promise<void> => {
    await readPeak()
    const one = running
    running = undefined
    await one?.stop()
  }
  return {
    server: async () => {
      if (running?.end()) running = undefined
      running ??= await start()
      return running
    },
    rest: async () => {
      if (room.isTight()) await close()
    },
    peakMemoryBytes: readPeak,
    close,
  }
}
