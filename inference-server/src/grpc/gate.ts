/**
 * What every call passes before a method sees it, and before memory is taken for its message: its key, when the headers have
 * come; the size that its message says it has; the room there is for it; the time it takes. A call that ends while its
 * message is on its way is reset, so that the rest of it does not come.
 */
import { constants, type ServerHttp2Stream } from 'node:http2'
import { Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import { Failure } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import type { Bodies } from '../requests/bodies.ts'
import type { ApiKeys } from '../security/api-keys.ts'
import { admitCall } from './exchange.ts'
import { createIntake } from './intake.ts'
import { streamOf, takeCoding } from './own-stream.ts'
import { createReceiving } from './receiving.ts'
import { statusOf } from './status.ts'
import { createYielding } from './yielding.ts'

/** How a method is called. */
export interface Method {
  /** Whether the method may be called without an API key, as probes do. */
  readonly open: boolean
  /** Whether its messages may be as large as a body. */
  readonly large: boolean
  /** Reads the message of a method with one request; the others take theirs as `Received`. @throws Failure malformed, too-large */
  readonly decode: (message: Buffer) => unknown
}

export interface GateOptions {
  readonly apiKeys: ApiKeys | undefined
  readonly bodies: Bodies
  readonly clock: Clock
  readonly methodOf: (path: string) => Method
  /** Counts and logs a call that was refused before its method. */
  readonly onRefused: (path: string, failure: Failure, metadata: Metadata) => void
}

export interface Gate {
  readonly intercept: ServerInterceptor
  /** Whether the connection of a call takes no more requests. */
  readonly isLeaving: (metadata: Metadata) => boolean
  /** Calls back when the call has ended, answered or not. */
  readonly whenClosed: (metadata: Metadata, callback: () => void) => void
}

/** Names and versions take less; a message below this size is read within milliseconds, with any content. */
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

/** Delay between status and reset: the status is lost where the reset comes first. */
const statusMs = 100

/** A call that has been answered before its message has arrived is over: a client that goes on sending gets a reset. */
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
  /** The streams of calls that infer. */
  const streams = new WeakMap<Metadata, ServerHttp2Stream>()
  let calls = 0

  const intercept: ServerInterceptor = ({ path, requestStream }, call) => {
    const stream = streamOf(call)
    const { open, large, decode } = methodOf(path)
    let metadata = new Metadata()
    const intake = createIntake({
      stream,
      coding: takeCoding(call),
      limitBytes: large ? bodies.limitBytes : Math.min(smallMessageBytes, bodies.limitBytes),
      decode: requestStream ? undefined : decode,
      bodies,
      receiving,
      onRefused: (failure) => {
        onRefused(path, failure, metadata)
        call.sendStatus(statusOf(failure, metadata))
      },
    })
    /** @throws Failure queue-full, unauthenticated */
    const admit = (): void => {
      if (!hasRoom) throw tooManyCalls()
      if (!open) {
        admitCall(metadata, apiKeys)
        // A stream of requests may be silent between two of them.
        if (requestStream) yielding.end(stream)
        else yielding.admitted(stream)
      }
    }
    calls += 1
    const hasRoom = calls <= mostCalls || yielding.makeRoom()
    yielding.begin(stream)
    stream.once('close', () => {
      calls -= 1
      yielding.end(stream)
      intake.end()
    })
    resetUnread(stream, clock)
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (received, pass) => {
            metadata = received
            try {
              admit()
            } catch (error) {
              return intake.refuse(error)
            }
            if (large) streams.set(metadata, stream)
            intake.begin()
            pass(metadata)
          },
          onReceiveMessage: intake.message,
          onReceiveHalfClose: (pass) => {
            intake.whole()
            if (!open) yielding.end(stream)
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
