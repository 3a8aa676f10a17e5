import type { WorkerThread } from '../sessions/member.ts'
import type { FromWorker, LoadedSession, ToWorker } from '../sessions/session-messages.ts'

export interface FakeWorker extends WorkerThread {
  readonly posted: ToWorker[]
  readonly say: (message: FromWorker) => void
  readonly crash: (message: string) => void
  readonly exit: (code: number) => void
}

type Listeners = {
  message: (message: FromWorker) => void
  error: (error: Error) => void
  exit: (exitCode: number) => void
}

export const loadedSession: LoadedSession = { inputs: [], outputs: [], active: 'cpu' }

/** A worker at whose boundary the test injects what it wants. */
export const fakeWorker = (): FakeWorker => {
  const listeners: Partial<Listeners> = {}
  const posted: ToWorker[] = []
  return {
    posted,
    postMessage: (message) => void posted.push(message),
    on: (event: keyof Listeners, listener: Listeners[keyof Listeners]) => {
      listeners[event] = listener as never
    },
    say: (message) => listeners.message?.(message),
    crash: (message) => {
      listeners.error?.(new Error(message))
      listeners.exit?.(1)
    },
    exit: (code) => listeners.exit?.(code),
  }
}
