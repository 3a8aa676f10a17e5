/** Connections of HTTP/2: each stream is a call of gRPC, and its authority names the model. */
import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { plainAddress } from '../cluster/addresses.ts'
import { asFailure, Failure } from '../failure.ts'
import type { HandleOptions } from '../gateway.ts'
import { holdingGrpc } from '../holding/grpc.ts'
import type { Holding } from '../holding/holding.ts'
import type { PortOwner } from '../http/connections.ts'
import type { Patience } from '../http/patience.ts'
import type { Caller } from '../identity/caller.ts'
import type { Models } from '../models/directory.ts'
import { modelOfHost, modelOfPort } from '../routing/route.ts'
import { checkSecure } from '../routing/secure.ts'
import { createGrpcForward, type GrpcWorld } from './forward.ts'
import { createSessions, endWhereDead } from './sessions.ts'
import { refuse } from './status.ts'

export interface GrpcServer {
  /** Takes a connection, paused and with all bytes unread. @param count of its calls that are under way, each change of it */
  readonly take: (socket: Socket, count: (by: 1 | -1) => void, owner?: PortOwner) => void
  /** Takes no further calls on connections that came by the port of one model. */
  readonly leavePort: (owner: PortOwner) => void
  /** Takes no further calls on connections that there are. */
  readonly leave: () => void
}

/** What is known of a connection: how its calls are counted, and whose port it came by. */
interface Taken {
  readonly count: (by: 1 | -1) => void
  readonly owner: PortOwner | undefined
}

/** Calls of one connection at a time. Node ends connections that reset calls too often by itself. */
const mostCalls = 100
const mostHeaderBytes = 16 * 1024

/** @throws Failure unknown-model, unknown-path, forbidden */
const modelOf = (authority: string | undefined, models: Models) => {
  const served = authority === undefined ? undefined : modelOfHost(authority, models)
  if (served) return served
  throw new Failure(
    'unknown-model',
    `no model has the authority ${JSON.stringify((authority ?? '').slice(0, 130))}; call NAME.NAMESPACE.svc`,
  )
}

/** A caller that takes nothing of its answer holds the memory of what waits for it, and a stream of the endpoint. */
const endUnread = (stream: ServerHttp2Stream, unreadMs: number): void => {
  stream.setTimeout(unreadMs, () => {
    if (stream.writableLength > 0) stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM)
  })
}

/** A connection without calls ends; one whose calls are silent ends where nobody is at its other side any more. */
const endIdle = (session: ServerHttp2Session, idleMs: number): void => {
  let calls = 0
  session.on('stream', (stream) => {
    calls += 1
    stream.once('close', () => {
      calls -= 1
    })
  })
  session.setTimeout(idleMs, () => {
    if (calls === 0) session.destroy()
    else endWhereDead(session)
  })
}

export const createGrpcServer = (
  { callerOf, limit }: Pick<HandleOptions, 'callerOf' | 'limit'>,
  {
    holding,
    patience,
    ...world
  }: Omit<GrpcWorld, 'sessions'> & { readonly holding: Holding; readonly patience: Patience },
): GrpcServer => {
  const forward = holdingGrpc(
    createGrpcForward({ ...world, sessions: createSessions() }),
    holding,
    world.nowMs,
  )
  const sessions = new Map<ServerHttp2Session, Taken>()
  const server = createServer({
    settings: { maxConcurrentStreams: mostCalls, maxHeaderListSize: mostHeaderBytes },
  })
  server.on('stream', (stream, headers) => {
    const address = stream.session?.socket.remoteAddress ?? ''
    const taken = stream.session && sessions.get(stream.session as ServerHttp2Session)
    taken?.count(1)
    endUnread(stream, patience.unreadMs)
    stream.once('close', () => taken?.count(-1))
    const start = (caller: Caller): void => {
      if (stream.destroyed) return
      if (!/^application\/grpc/.test(headers['content-type'] ?? ''))
        throw new Failure('unknown-path', 'HTTP/2 is for gRPC here; send HTTP/1.1')
      const { models } = caller
      const served = taken?.owner
        ? modelOfPort(taken.owner.key, models)
        : modelOf(headers[':authority'], models)
      checkSecure(served.model(), stream.session?.socket)
      const mayWake = models.mayWake(served)
      const client = caller.client()
      limit.take(client)
      const from = { client, address: plainAddress(address) }
      forward({ stream, headers, served, mayWake, from })
    }
    const fail = (error: unknown): void => {
      stream.on('error', () => {})
      refuse(stream, asFailure(error))
    }
    const tryTo = (caller: Caller): void => {
      try {
        start(caller)
      } catch (error) {
        const more = caller.more(error)
        if (more) more.then(() => tryTo(caller)).catch(fail)
        else fail(error)
      }
    }
    try {
      tryTo(callerOf(address, headers))
    } catch (error) {
      fail(error)
    }
  })
  return {
    take: (socket, count, owner) => {
      // A caller that has ended its side has left, as over HTTP/1.1; a half of a connection would keep its calls.
      socket.allowHalfOpen = false
      server.once('session', (session) => {
        sessions.set(session, { count, owner })
        session.once('close', () => sessions.delete(session))
        session.on('error', () => {})
        endIdle(session, patience.idleMs)
      })
      server.emit('connection', socket)
    },
    leavePort: (owner) => {
      for (const [session, taken] of sessions) if (taken.owner === owner) session.close()
    },
    leave: () => {
      for (const session of sessions.keys()) session.close()
    },
  }
}
