/** Where a model's sessions are: on the device that was wished for, and on the CPU once a single row does not fit there. */
import type { Accelerator } from '@gantry/contract/server.ts'
import { firstLine } from './run-error.ts'

/** Sessions on one device, and what is known of its memory. */
export interface Place<Sessions> {
  readonly sessions: Sessions
  readonly device: Accelerator
  /** Input elements of one run. */
  mostElements: number
  running: number
}

export interface PlacesOptions<Sessions> {
  readonly sessions: Sessions
  readonly active: Accelerator
  /** Opens sessions on the CPU; called at most once at a time. */
  readonly openOnCpu: () => Promise<Sessions>
  readonly release: (sessions: Sessions) => Promise<void>
  /** The CPU runs everything from now on. */
  readonly onMoved: (reason: string) => void
}

export interface Places<Sessions> {
  readonly present: () => Place<Sessions>
  /** Runs there, which keeps its sessions until the run has ended. */
  readonly at: <Result>(place: Place<Sessions>, run: () => Promise<Result>) => Promise<Result>
  /** @returns why the CPU cannot take over; undefined where it has */
  readonly move: (cause: string) => Promise<string | undefined>
}

const placeOf = <Sessions>(sessions: Sessions, device: Accelerator): Place<Sessions> => ({
  sessions,
  device,
  mostElements: Number.POSITIVE_INFINITY,
  running: 0,
})

export const createPlaces = <Sessions>(options: PlacesOptions<Sessions>): Places<Sessions> => {
  const { openOnCpu, release, onMoved } = options
  let place = placeOf(options.sessions, options.active)
  let moving: Promise<void> | undefined

  /** Its memory is what others may need; what fails here has nothing to do with any request. */
  const leave = async (left: Place<Sessions>): Promise<void> => {
    if (left.running === 0) await release(left.sessions).catch(() => {})
  }

  const move = async (cause: string): Promise<void> => {
    const left = place
    place = placeOf(await openOnCpu(), 'cpu')
    onMoved(
      `a single row did not fit in the GPU's memory (${cause}); the GPU is tried again when the server restarts`,
    )
    await leave(left)
  }

  const moveOnce = async (cause: string): Promise<string | undefined> => {
    moving ??= move(cause)
    try {
      await moving
      return undefined
    } catch (error) {
      return `${cause}; then on the CPU: ${firstLine(error)}`
    } finally {
      moving = undefined
    }
  }

  return {
    present: () => place,
    at: async (at, run) => {
      at.running += 1
      try {
        return await run()
      } finally {
        at.running -= 1
        if (at !== place) await leave(at)
      }
    },
    move: moveOnce,
  }
}
