/**
 * What every call passes before a method sees it, and before memory is taken for its message: its key, when the headers have
 * come; the size that its message says it has; the room there is for it; the time it takes. A call that ends while its
 * message is on its way is reset, so that the rest of it does not come.
 */
import { constants, type ServerHttp2Stream } from 'node:http2'
import { Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import type { ApiKeys } from '../api-keys.ts'
import type { Bodies } from '../bodies.ts'
import type { Hold } from '../bytes-in-flight.ts'
import type { Clock } from '../clock.ts'
import { asFailure, Failure } from '../errors.ts'
import type { Coding } from '../unpacking.ts'
import { admitCall } from './exchange.ts'
import { createFraming } from './framing.ts'
import { streamOf, takeCoding } from './own-stream.ts'
import { createReceiving, type Receiver } from './receiving.ts'
import { statusOf } from './status.ts'

/** A message of a stream of requests. */
export interface Received {
  readonly message: Buffer
  /** Once it has been answered: until then it counts as in flight. */
  readonly done: () => void
}

/** How a method is called. */
export interface Method {
  /** Whether anybody may call it, as probes do. */
  readonly open: boolean
  /** Whether its messages may be as large as a body. */
  readonly large: boolean
  /** Of a method with one request; the others take theirs as `Received`. @throws Failure malformed, too-large */
  readonly decode: (message: Buffer) => unknown
}

export interface GateOptions {
  readonly apiKeys: ApiKeys | undefined
  readonly bodies: Bodies
  readonly clock: Clock
  readonly methodOf: (path: string) => Method
  /** Counts and logs a call that no method has seen. */
  readonly onRefused: (path: string, failure: Failure, metadata: Metadata) => void
}

export interface Gate {
  readonly intercept: ServerInterceptor
  /** Whether the connection of a call takes no more requests. */
  readonly isLeaving: (metadata: Metadata) => boolean
  /** Calls back when the call has left, with its answer or without. */
  readonly whenClosed: (metadata: Metadata, callback: () => void) => void
}

/** Names and versions take less; whatever is in a message below this size is read within milliseconds. */
const smallMessageBytes = 256 * 1024

/** Most calls that are open at a time, on all connections: each takes some 20 KB before it has sent anything. */
const mostCalls = 4096

const tooManyCalls = (): Failure =>
  new Failure(
    'queue-full',
    `${mostCalls} calls are open; end those that are not needed, or try again later`,
    {
      retryAfterSeconds: 1,
    },
  )

interface Yielding {
  /** @param open whether anybody may make this call @param end ends it at once */
  readonly add: (open: boolean, end: () => void) => void
  readonly remove: (end: () => void) => void
  /** Ends one of them. @returns whether there was one */
  readonly makeRoom: () => boolean
}

/**
 * Calls for which nothing is computed: those that anybody may make, and those whose message is on its way. The one that began
 * first makes room for a further call, as callers without a key would shut out those with one.
 */
const createYielding = (): Yielding => {
  const open = new Set<() => void>()
  const arriving = new Set<() => void>()
  return {
    add: (isOpen, end) => void (isOpen ? open : arriving).add(end),
    remove: (end) => {
      if (!open.delete(end)) arriving.delete(end)
    },
    makeRoom: () => {
      const end = open.keys().next().value ?? arriving.keys().next().value
      end?.()
      return end !== undefined
    },
  }
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

/** Time for the status to leave: it is lost where the reset comes first. */
const statusMs = 100

/** A call that has been answered before all of it has come is over: whoever goes on sending is told so. */
const resetUnread = (stream: ServerHttp2Stream, { after }: Clock): void => {
  const reset = (): void => stream.close(constants.NGHTTP2_NO_ERROR)
  stream.once('finish', () => {
    // What is due when the thread was busy comes before what is written, so that another turn has to pass.
    if (!stream.readableEnded) after(statusMs, () => setImmediate(reset))
  })
}

export const createGate = ({ apiKeys, bodies, clock, methodOf, onRefused }: GateOptions): Gate => {
  const receiving = createReceiving(clock)
  const yielding = createYielding()
  /** Of the calls that infer. */
  const streams = new WeakMap<Metadata, ServerHttp2Stream>()
  let calls = 0

  const intercept: ServerInterceptor = ({ path, requestStream }, call) => {
    const stream = streamOf(call)
    const coding = takeCoding(call)
    const { open, large, decode } = methodOf(path)
    const limitBytes = large ? bodies.limitBytes : Math.min(smallMessageBytes, bodies.limitBytes)
    const framing = createFraming(limitBytes)
    let metadata = new Metadata()
    let ended = false

    const end = (): void => {
      ended = true
      yielding.remove(giveWay)
      receiving.end(receiver)
      hold.release()
    }
    const refuse = (error: unknown): void => {
      if (ended) return
      end()
      const failure = asFailure(error)
      onRefused(path, failure, metadata)
      call.sendStatus(statusOf(failure, metadata))
    }
    /** Without a status, which a caller who reads nothing would keep from leaving. */
    const giveWay = (): void => {
      end()
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM)
      stream.destroy()
    }
    const receiver: Receiver = { reads: () => !stream.isPaused(), giveUp: refuse }
    const hold = bodies.inFlight.hold(refuse)
    const deliver = createDelivery(hold, limitBytes)

    /** A stream of requests may be silent between two of them. */
    const isReceiving = (is: boolean): void => {
      hold.arriving(is)
      if (is) receiving.begin(receiver)
      else receiving.end(receiver)
    }
    const take = (chunk: Buffer): void => {
      if (ended) return
      try {
        hold.add(framing.take(chunk))
      } catch (error) {
        refuse(error)
      }
      if (requestStream && !ended) isReceiving(framing.isPartial())
    }
    const give = (message: Buffer, heldBytes: number, next: (message: unknown) => void): void => {
      if (requestStream) {
        deliver(message, heldBytes, next)
        return
      }
      let request: unknown
      try {
        request = decode(message)
      } catch (error) {
        refuse(error)
        return
      }
      next(request)
    }
    const unpack = async (
      message: Buffer,
      heldBytes: number,
      next: (message: unknown) => void,
    ): Promise<void> => {
      try {
        const unpacked = await bodies.unpack(message, coding as Coding, limitBytes)
        hold.add(unpacked.length)
        if (!ended) give(unpacked, heldBytes + unpacked.length, next)
      } catch (error) {
        refuse(error)
      }
    }
    /** @throws Failure queue-full, unauthenticated */
    const admit = (): void => {
      if (!open) admitCall(metadata, apiKeys)
      if (calls > mostCalls && !yielding.makeRoom()) throw tooManyCalls()
      if (open || !requestStream) yielding.add(open, giveWay)
    }

    calls += 1
    stream.once('close', () => {
      calls -= 1
      end()
    })
    resetUnread(stream, clock)
    stream.prependListener('data', take)
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (received, pass) => {
            metadata = received
            try {
              admit()
            } catch (error) {
              return refuse(error)
            }
            if (large) streams.set(metadata, stream)
            if (!requestStream) receiving.begin(receiver)
            pass(metadata)
          },
          onReceiveMessage: (message: Buffer, pass) => {
            const { compressed, heldBytes } = framing.next()
            if (compressed && coding) void unpack(message, heldBytes, pass)
            else give(message, heldBytes, pass)
          },
          onReceiveHalfClose: (pass) => {
            isReceiving(false)
            if (!open) yielding.remove(giveWay)
            pass()
          },
        }),
    })
  }
  return {
    intercept,
    isLeaving: (metadata) => streams.get(metadata)?.session?.closed ?? false,
    whenClosed: (metadata, callback) => {
      const stream = streams.get(metadata)
      if (!stream || stream.closed) callback()
      else stream.once('close', callback)
    },
  }
}
