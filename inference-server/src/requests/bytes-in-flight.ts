/**
 * Bytes of the requests that are being received or answered, over HTTP and gRPC together. Each request has its own limit,
 * but hundreds of them that are sent bit by bit, or that wait for the model, would take the memory of the whole process.
 *
 * Where there is no room left, the body that began to arrive first, and is not whole, is given up. If the latest bodies
 * were refused instead, a client that begins bodies and does not end them would shut out all others.
 */
import { Failure } from '../failures/errors.ts'

/** A body up to this size is let in as long as such bodies do not take half of what there is. */
const smallBytes = 64 * 1024

const retryAfterSeconds = 1

/** A part of a body takes at least so much, for the objects that hold it: bodies may come byte by byte. */
const leastPartBytes = 512

/** @returns what a part of a body takes */
export const partBytes = (part: Buffer): number => Math.max(part.length, leastPartBytes)

/** The bytes that one request holds. */
export interface Hold {
  /** @throws Failure bodies-full, where it is this request that has to give up */
  readonly add: (bytes: number) => void
  readonly remove: (bytes: number) => void
  /** Whether the body is still arriving, as it is at first. */
  readonly arriving: (is: boolean) => void
  /** Releases all of them; a second call has no effect. */
  readonly release: () => void
}

export interface BytesInFlight {
  /** @param giveUp is called where this body makes room for others; it holds nothing any more then */
  readonly hold: (giveUp: (failure: Failure) => void) => Hold
  /** The bytes of all requests. */
  readonly bytes: () => number
}

const full = (limitBytes: number): Failure =>
  new Failure(
    'bodies-full',
    `the requests that are being received and answered have more than ${limitBytes} bytes; try again later, or raise --max-in-flight-mib`,
    { retryAfterSeconds },
  )

/** A body that may be given up. */
interface Arriving {
  bytes: number
  readonly makeRoom: () => void
}

export const createBytesInFlight = (limitBytes: number): BytesInFlight => {
  let totalBytes = 0
  let arrivingBytes = 0
  /** The oldest comes first. */
  const bodies = new Set<Arriving>()

  const first = (leastBytes: number): Arriving | undefined => {
    for (const body of bodies) if (body.bytes > leastBytes) return body
    return undefined
  }
  const makeRoom = (): void => {
    while (totalBytes > limitBytes) {
      const body = first(smallBytes) ?? (arrivingBytes > limitBytes / 2 ? first(0) : undefined)
      if (!body) return
      body.makeRoom()
    }
  }

  const hold: BytesInFlight['hold'] = (giveUp) => {
    let ended = false
    const change = (bytes: number): void => {
      own.bytes += bytes
      totalBytes += bytes
      if (bodies.has(own)) arrivingBytes += bytes
    }
    const release = (): void => {
      ended = true
      change(-own.bytes)
      bodies.delete(own)
    }
    const own: Arriving = {
      bytes: 0,
      makeRoom: () => {
        release()
        giveUp(full(limitBytes))
      },
    }
    bodies.add(own)
    return {
      add: (bytes) => {
        if (ended) return
        change(bytes)
        if (totalBytes <= limitBytes) return
        makeRoom()
        if (ended || totalBytes <= limitBytes || own.bytes <= smallBytes) return
        release()
        throw full(limitBytes)
      },
      remove: (bytes) => {
        if (!ended) change(-bytes)
      },
      arriving: (is) => {
        if (ended || is === bodies.has(own)) return
        if (is) bodies.add(own)
        else bodies.delete(own)
        arrivingBytes += is ? own.bytes : -own.bytes
      },
      release,
    }
  }
  return { hold, bytes: () => totalBytes }
}
