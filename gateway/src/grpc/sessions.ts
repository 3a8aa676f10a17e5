/** HTTP/2 connections to endpoints: one for each, over which all its calls go. */
import {
  type ClientHttp2Session,
  connect,
  type Http2Session,
  type SecureClientSessionOptions,
} from 'node:http2'
import type { Upstream } from '../balancing/upstream.ts'

export interface Sessions {
  /** @throws Error where the endpoint takes no connection in time */
  readonly open: (upstream: Upstream) => Promise<ClientHttp2Session>
}

/** A connection whose other side has vanished is silent like a slow one; only one that is alive answers a ping. */
export const endWhereDead = (session: Http2Session | undefined): void => {
  if (!session || session.closed || session.destroyed) return
  const late = setTimeout(() => session.destroy(), connectMs).unref()
  session.ping(() => clearTimeout(late))
}

const connectMs = 2000

/** Number of the last call that the other side of a connection has looked at, once it has said so. */
const lastSeen = new WeakMap<Http2Session, number>()

/** @returns Infinity where the other side has not said that it takes no further calls */
export const lastSeenOf = (session: Http2Session): number => lastSeen.get(session) ?? Number.POSITIVE_INFINITY

const secureOptions = ({ verified }: Upstream): SecureClientSessionOptions => {
  if (!verified) return {}
  const ca = verified.trust.authorities()
  return { servername: verified.serverName, ...(ca !== undefined && { ca }) }
}

const connected = (upstream: Upstream): Promise<ClientHttp2Session> =>
  new Promise((resolve, reject) => {
    const session = connect(upstream.grpcUrl ?? '', secureOptions(upstream))
    const late = setTimeout(() => session.destroy(new Error('connect timeout')), connectMs)
    session.once('connect', () => {
      clearTimeout(late)
      // Calls hold the process, and connections alone do not.
      session.unref()
      resolve(session)
    })
    session.on('error', (error) => {
      clearTimeout(late)
      reject(error)
    })
  })

export const createSessions = (): Sessions => {
  const sessions = new WeakMap<Upstream, Promise<ClientHttp2Session>>()
  const begin = (upstream: Upstream): Promise<ClientHttp2Session> => {
    const session = connected(upstream)
    sessions.set(upstream, session)
    const forget = (): void => {
      if (sessions.get(upstream) === session) sessions.delete(upstream)
    }
    session.then((opened) => {
      opened.once('close', forget).on('goaway', (_, last) => {
        lastSeen.set(opened, last)
        forget()
      })
      upstream.whenGone = () => opened.close()
      if (upstream.isGone) opened.close()
    }, forget)
    return session
  }
  return {
    open: async (upstream) => {
      const session = await (sessions.get(upstream) ?? begin(upstream))
      return session.closed || session.destroyed ? begin(upstream) : session
    },
  }
}
