/**
 * A process for the untrusted code of a model folder that works on texts and has no known bound of time: patterns and
 * templates. A thread could be ended, too, but one that asks for much memory at once takes the whole server with it.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Failure, StartError } from '../failures/errors.ts'
import { createRoom } from '../process/room.ts'
import type { Answer, Question, Setup } from './messages.ts'

export interface UntrustedOptions {
  /** Heap of the process. */
  readonly heapMiB: number
  /** Ends the process. */
  readonly signal?: AbortSignal | undefined
}

/** Runs patterns and templates of the folder outside of the server's process. */
export interface UntrustedProcess {
  /** @param field name of the member that is read @throws Failure naming it, where there is no answer in time */
  readonly ask: (question: Question, field: string | undefined) => Promise<Answer>
}

/** The largest known tokenizer loads in two seconds on one core; a pod may have a tenth of one. */
const loadMs = 60_000
/** 100 kB, the longest text that is read, take well-known tokenizers 0.7 s. */
const answerMs = 2000
/** Questions that wait for the process. */
const mostWaiting = 256
/** A question gives up after so long, rather than wait for many texts that take long. */
const mostWaitMs = 10_000

const child = fileURLToPath(new URL('../untrusted-child.ts', import.meta.url))

/** Why a process gave no answer. */
class Ended extends Error {
  override readonly name = 'Ended'
}

/** Every one there is: none outlives the server. */
const running = new Set<ChildProcess>()
const endAll = (): void => {
  for (const one of running) one.kill('SIGKILL')
}

const isAlive = (one: ChildProcess | undefined): one is ChildProcess =>
  one?.connected === true && one.exitCode === null && one.signalCode === null

/** A process without work does not keep the server from ending. */
const idle = (one: ChildProcess): void => {
  one.unref()
  one.channel?.unref()
}

const launch = (heapMiB: number): ChildProcess => {
  const { NODE_COMPILE_CACHE: cache } = process.env
  const heap = [`--max-old-space-size=${heapMiB}`, '--max-semi-space-size=4']
  const started = fork(child, [], {
    execArgv: [...heap, '--disable-warning=ExperimentalWarning'],
    // Nothing of the server's environment is its business.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  if (running.size === 0) process.once('exit', endAll)
  running.add(started)
  const gone = (): void => {
    running.delete(started)
    if (running.size === 0) process.removeListener('exit', endAll)
  }
  started.on('exit', gone)
  started.on('error', gone)
  idle(started)
  return started
}

/** @throws Ended where there is no answer in time */
export const exchange = (one: ChildProcess, message: Setup | Question, ms: number): Promise<Answer> =>
  new Promise((resolve, reject) => {
    one.ref()
    one.channel?.ref()
    let isOpen = true
    const settle = (): void => {
      isOpen = false
      clearTimeout(timer)
      one.removeListener('message', answered)
      for (const event of ['exit', 'error'] as const) one.removeListener(event, ended)
      idle(one)
    }
    const answered = (answer: unknown): void => {
      settle()
      resolve(answer as Answer)
    }
    const ended = (): void => {
      settle()
      reject(new Ended())
    }
    // An answer that came while this thread was busy is read first; the process may be at the next question then.
    const end = (): void => {
      if (isOpen && isAlive(one)) one.kill('SIGKILL')
    }
    const timer = setTimeout(() => setImmediate(end), ms)
    one.once('message', answered)
    for (const event of ['exit', 'error'] as const) one.once(event, ended)
    if (isAlive(one)) one.send(message, () => {})
    else ended()
  })

const notReady = (subject: string, cause?: unknown): Failure =>
  new Failure('unavailable', `${subject} is not ready; try again later`, { cause, retryAfterSeconds: 1 })

const tooMany = (subject: string): Failure =>
  new Failure('queue-full', `too many texts wait for ${subject}; try again later`, { retryAfterSeconds: 1 })

const tookTooLong = (subject: string, heapMiB: number, field: string | undefined): Failure =>
  new Failure(
    'invalid',
    `${subject} takes more than ${answerMs / 1000} s or ${heapMiB} MiB for ${field ?? 'this text'}; send another text, or correct the model's folder`,
    field === undefined ? {} : { field },
  )

/** Work of which one piece is done at a time. @throws Failure queue-full */
const oneByOne = (subject: string) => {
  const room = createRoom(1)
  let waiting = 0
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (waiting >= mostWaiting) throw tooMany(subject)
    waiting += 1
    const askedMs = performance.now()
    const inTurn = async (): Promise<Result> => {
      if (performance.now() - askedMs > mostWaitMs) throw tooMany(subject)
      return work()
    }
    return room(1, inTurn).finally(() => {
      waiting -= 1
    })
  }
}

/** @throws StartError where the folder's words make no sense, or take too long */
const load = async (setup: Setup, subject: string, one: ChildProcess, heapMiB: number): Promise<void> => {
  const answer = await exchange(one, setup, loadMs).catch(() => undefined)
  if (answer?.kind === 'ready') return
  one.kill('SIGKILL')
  if (answer?.kind === 'refused')
    throw new StartError(
      answer.message,
      1,
      answer.cause === undefined ? {} : { cause: new Error(answer.cause) },
    )
  throw new StartError(`${subject} takes more than ${loadMs / 1000} s or ${heapMiB} MiB to load`)
}

/**
 * Starts the process, and another one after each question that it had no answer to.
 * @param subject what the folder's words are, for sentences: "the model's tokenizer" @throws StartError where it cannot be loaded
 */
export const openUntrusted = async (
  setup: Setup,
  subject: string,
  { heapMiB, signal }: UntrustedOptions,
): Promise<UntrustedProcess> => {
  let current: ChildProcess | undefined
  const inTurn = oneByOne(subject)
  signal?.addEventListener('abort', () => current?.kill('SIGKILL'), { once: true })

  /** @throws StartError */
  const loaded = async (): Promise<ChildProcess> => {
    if (isAlive(current)) return current
    signal?.throwIfAborted()
    const one = launch(heapMiB)
    current = one
    await load(setup, subject, one, heapMiB)
    return one
  }
  const answer = async (question: Question, field: string | undefined): Promise<Answer> => {
    const one = await loaded().catch((cause: unknown) => {
      current = undefined
      throw notReady(subject, cause)
    })
    return exchange(one, question, answerMs).catch(() => {
      throw signal?.aborted ? notReady(subject) : tookTooLong(subject, heapMiB, field)
    })
  }
  await loaded()
  return { ask: (question, field) => inTurn(() => answer(question, field)) }
}
