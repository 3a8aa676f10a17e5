/** Connections of HTTP/2: each stream is a call of gRPC, and its authority names the model. */
import { createServer, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { asFailure, Failure } from '../failure.ts'
import type { Models } from '../models/directory.ts'
import type { PassageWorld } from '../proxy/passage.ts'
import { modelOfHost } from '../routing/route.ts'
import { createGrpcForward } from './forward.ts'
import { createSessions } from './sessions.ts'
import { refuse } from './status.ts'

export interface GrpcServer {
  /** Takes a connection, paused and with all bytes unread. @param count of its calls that are under way, each change of it */
  readonly take: (socket: Socket, count: (by: 1 | -1) => void) => void
  /** Takes no further calls on connections that there are. */
  readonly leave: () => void
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

/** @param modelsFor the models that the caller at an address may call */
export const createGrpcServer = (
  modelsFor: (address: string | undefined) => Models,
  world: PassageWorld,
): GrpcServer => {
  const forward = createGrpcForward(createSessions(), world)
  const sessions = new Map<ServerHttp2Session, (by: 1 | -1) => void>()
  const server = createServer({
    settings: { maxConcurrentStreams: mostCalls, maxHeaderListSize: mostHeaderBytes },
  })
  server.on('stream', (stream, headers) => {
    const count = stream.session && sessions.get(stream.session as ServerHttp2Session)
    count?.(1)
    stream.once('close', () => count?.(-1))
    try {
      if (!/^application\/grpc/.test(headers['content-type'] ?? ''))
        throw new Failure('unknown-path', 'HTTP/2 is for gRPC here; send HTTP/1.1')
      const models = modelsFor(stream.session?.socket.remoteAddress)
      forward({ stream, headers, served: modelOf(headers[':authority'], models) })
    } catch (error) {
      stream.on('error', () => {})
      refuse(stream, asFailure(error))
    }
  })
  return {
    take: (socket, count) => {
      server.once('session', (session) => {
        sessions.set(session, count)
        session.once('close', () => sessions.delete(session))
        session.on('error', () => {})
      })
      server.emit('connection', socket)
    },
    leave: () => {
      for (const session of sessions.keys()) session.close()
    },
  }
}
