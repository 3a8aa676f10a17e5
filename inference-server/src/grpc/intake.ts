/** How the messages of one call come in: bounded in size, room and time, unpacked, and read or handed on. */
import type { ServerHttp2Stream } from 'node:http2'
import { asFailure, type Failure } from '../failures/errors.ts'
import type { Bodies } from '../requests/bodies.ts'
import type { Hold } from '../requests/bytes-in-flight.ts'
import type { Coding } from '../requests/unpacking.ts'
import { createFraming } from './framing.ts'
import type { Receiver, Receiving } from './receiving.ts'

/** A message of a stream of requests. */
export interface Received {
  readonly message: Buffer
  /** Called once it has been answered: until then it counts as in flight. */
  readonly done: () => void
}

export interface IntakeOptions {
  readonly stream: ServerHttp2Stream
  /** How compressed messages are packed. */
  readonly coding: Coding | undefined
  /** Most bytes of one message, unpacked. */
  readonly limitBytes: number
  /** undefined: a stream of requests, which takes each message as `Received`. @throws Failure */
  readonly decode: ((message: Buffer) => unknown) | undefined
  readonly bodies: Bodies
  readonly receiving: Receiving
  /** Called once with the failure that ends the call. */
  readonly onRefused: (failure: Failure) => void
}

export interface Intake {
  /** Called when the headers have come and the caller is admitted. */
  readonly begin: () => void
  /** A message has come, as it was sent. @param pass takes what the method is given */
  readonly message: (message: Buffer, pass: (message: unknown) => void) => void
  /** Called when all messages have come. */
  readonly whole: () => void
  /** Ends the call, unless it has ended. */
  readonly refuse: (error: unknown) => void
  /** Called when the call has ended. */
  readonly end: () => void
}

/** Gives streams of requests their messages, and no more of them than fit: the others wait unread. */
const createDelivery = (hold: Hold, mostBytes: number) => {
  let heldBytes = 0
  let pending: (() => void) | undefined
  return (message: Buffer, bytes: number, next: (received: Received) => void): void => {
    let isDone = false
    const received: Received = {
      message,
      done: () => {
        if (isDone) return
        isDone = true
        heldBytes -= bytes
        hold.remove(bytes)
        const waiting = pending
        pending = undefined
        waiting?.()
      },
    }
    const give = (): void => {
      if (heldBytes > 0 && heldBytes + bytes > mostBytes) pending = give
      else {
        heldBytes += bytes
        next(received)
      }
    }
    give()
  }
}

export const createIntake = (options: IntakeOptions): Intake => {
  const { stream, coding, limitBytes, decode, bodies, receiving, onRefused } = options
  const framing = createFraming(limitBytes)
  let ended = false

  const end = (): void => {
    ended = true
    receiving.end(receiver)
    hold.release()
  }
  const refuse = (error: unknown): void => {
    if (ended) return
    end()
    onRefused(asFailure(error))
  }
  const receiver: Receiver = { reads: () => !stream.isPaused(), giveUp: refuse }
  const hold = bodies.inFlight.hold(refuse)
  const deliver = createDelivery(hold, limitBytes)

  const isReceiving = (is: boolean): void => {
    hold.arriving(is)
    if (is) receiving.begin(receiver)
    else receiving.end(receiver)
  }
  // This listener comes before the library's, which takes memory for the message.
  stream.prependListener('data', (chunk: Buffer) => {
    if (ended) return
    try {
      hold.add(framing.take(chunk))
    } catch (error) {
      refuse(error)
    }
    // A stream of requests may be silent between two of them.
    if (!decode && !ended) isReceiving(framing.isPartial())
  })

  const give = (message: Buffer, heldBytes: number, pass: (message: unknown) => void): void => {
    if (!decode) {
      deliver(message, heldBytes, pass)
      return
    }
    let request: unknown
    try {
      request = decode(message)
    } catch (error) {
      refuse(error)
      return
    }
    pass(request)
  }
  const unpack = async (
    message: Buffer,
    heldBytes: number,
    pass: (message: unknown) => void,
  ): Promise<void> => {
    try {
      const unpacked = await bodies.unpack(message, coding as Coding, limitBytes, () => ended)
      hold.add(unpacked.length)
      if (!ended) give(unpacked, heldBytes + unpacked.length, pass)
    } catch (error) {
      refuse(error)
    }
  }
  return {
    begin: () => {
      if (decode) receiving.begin(receiver)
    },
    message: (message, pass) => {
      const { compressed, heldBytes } = framing.next()
      if (compressed && coding) void unpack(message, heldBytes, pass)
      else give(message, heldBytes, pass)
    },
    whole: () => isReceiving(false),
    refuse,
    end,
  }
}
