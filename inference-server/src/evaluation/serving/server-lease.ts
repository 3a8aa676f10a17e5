/** Servers of candidates that stay between turns while there is room for all of them; else each is ended after its turn. */
import type { ServerProcess } from './server-process.ts'

/** The server of one candidate. */
export interface Lease {
  /** The one that runs, or a new one. @throws CandidateError */
  readonly server: () => Promise<ServerProcess>
  /** Ends it where servers do not fit side by side. */
  readonly rest: () => Promise<void>
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
  const close = async (): Promise<void> => {
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
    close,
  }
}
