/** The workers of a pool from their start to their end. */
import { StartError } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import { workerEnded } from './jobs.ts'
import { type Member, onAnswer, type RunsOn, type WorkerThread } from './member.ts'
import type { FromWorker, LoadedSession } from './session-messages.ts'

export interface CrewOptions {
  readonly size: number
  readonly spawn: () => WorkerThread
  readonly clock: Clock
  /** A worker crashed; another one is on its way. */
  readonly onCrash: (cause: string) => void
  /** A worker ran short of memory, and goes on with less. */
  readonly onShortage?: (what: string, cause: string) => void
}

/** What the pool does about its workers. */
export interface CrewEvents {
  /** It can take jobs from now on. */
  readonly onServing: (member: Member) => void
}

export interface Crew {
  /** Settles once all workers of the first round have loaded, or one could not. */
  readonly loaded: Promise<LoadedSession>
  /** A job was taken from a worker without its doing. */
  readonly freed: () => void
  /** Lets the jobs finish, then ends the workers. */
  readonly close: () => Promise<void>
}

const longestBackoffMs = 30_000

/** A worker that never served: a start that fails again and again must not eat the CPU. @param failures in a row */
const backoffMs = (failures: number): number =>
  failures === 0 ? 0 : Math.min(1000 * 2 ** (failures - 1), longestBackoffMs)

const runsOnOf = ({ active, reason }: LoadedSession): RunsOn => ({
  active,
  ...(reason !== undefined && { reason }),
})

/** The first start of all workers: where one of them fails, nothing is tried again. */
const firstRound = (size: number) => {
  const { promise, resolve, reject } = Promise.withResolvers<LoadedSession>()
  let loads = 0
  return {
    loaded: promise,
    isOver: (): boolean => loads >= size,
    count: (session: LoadedSession): void => {
      loads += 1
      if (loads === size) resolve(session)
    },
    fail: (cause: string): void => reject(new StartError(cause)),
  }
}

type Shortage = Extract<FromWorker, { kind: 'cut' | 'moved' }>

/** A worker ran short of memory. @returns what it does about that, and the cause */
const shortage = (member: Member, message: Shortage): readonly [what: string, cause: string] => {
  if (message.kind === 'cut') {
    const what = `memory ran short: runs of this size have at most ${message.rows} rows from now on`
    return [what, message.message]
  }
  member.on = { active: 'cpu', reason: message.reason }
  return ['the GPU ran out of memory: the model runs on the CPU from now on', message.reason]
}

const startMember = (
  spawn: CrewOptions['spawn'],
  onMessage: (member: Member, message: FromWorker) => void,
  onExit: (member: Member, cause: string) => void,
): Member => {
  const thread = spawn()
  const member: Member = { thread, jobs: [], state: 'loading', on: undefined, cause: '' }
  thread.on('message', (message) => onMessage(member, message))
  thread.on('error', (error) => {
    member.cause = error.message
  })
  thread.on('exit', (exitCode) =>
    onExit(member, member.cause || `a worker thread ended with code ${exitCode}`),
  )
  return member
}

/** Starts the workers at once. @param members filled with them */
export const createCrew = (options: CrewOptions, members: Set<Member>, { onServing }: CrewEvents): Crew => {
  const { size, spawn, clock, onCrash, onShortage } = options
  const first = firstRound(size)
  const closed = Promise.withResolvers<void>()
  let failedLoads = 0
  let closing = false

  const closeIdle = (): void => {
    if (!closing) return
    for (const member of members) if (member.jobs.length === 0) member.thread.postMessage({ kind: 'close' })
    if (members.size === 0) closed.resolve()
  }

  const giveUp = (cause: string): void => {
    if (first.isOver()) return
    closing = true
    first.fail(cause)
  }

  const onMessage = (member: Member, message: FromWorker): void => {
    switch (message.kind) {
      case 'loaded':
        member.state = 'serving'
        member.on = runsOnOf(message.session)
        failedLoads = 0
        first.count(message.session)
        onServing(member)
        break
      case 'load-failed':
        giveUp(message.message)
        break
      case 'cut':
      case 'moved':
        onShortage?.(...shortage(member, message))
        break
      case 'broken':
        member.state = 'broken'
        member.cause = message.message
        break
      default:
        onAnswer(member, message, clock.nowMs())
    }
    closeIdle()
  }

  const onExit = (member: Member, cause: string): void => {
    if (!members.delete(member)) return
    for (const job of member.jobs) job.reject(workerEnded(cause))
    giveUp(cause)
    if (closing) {
      closeIdle()
      return
    }
    failedLoads = member.state === 'loading' ? failedLoads + 1 : 0
    onCrash(cause)
    clock.after(backoffMs(failedLoads), add)
  }

  const add = (): void => {
    if (closing) return
    members.add(startMember(spawn, onMessage, onExit))
  }

  for (let index = 0; index < size; index++) add()

  return {
    loaded: first.loaded,
    freed: closeIdle,
    close: () => {
      closing = true
      closeIdle()
      return closed.promise
    },
  }
}
