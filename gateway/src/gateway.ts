/** What a request meets between its connection and its endpoint. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import { readBatch } from './batch/request.ts'
import { batchAnswer } from './batch/result.ts'
import { runBatch } from './batch/run.ts'
import { plainAddress } from './cluster/addresses.ts'
import { asFailure, Failure } from './failure.ts'
import type { Holding } from './holding/holding.ts'
import { holdingForward } from './holding/http.ts'
import { replyFailure, replyJson, replyParts } from './http/reply.ts'
import type { Caller, CallerOf } from './identity/caller.ts'
import type { RateLimit } from './identity/rate-limit.ts'
import type { Models } from './models/directory.ts'
import { type Body, type BodyLimits, isStreamed, readBody } from './proxy/body.ts'
import type { BodyMemory, Hold } from './proxy/body-memory.ts'
import type { Call, Records, Sender } from './proxy/call.ts'
import { createForward } from './proxy/forward.ts'
import { batchHeaders, requestHeaders, traceOf } from './proxy/headers.ts'
import type { PassageWorld } from './proxy/passage.ts'
import { responseSink } from './proxy/sink.ts'
import { findModel, withModel } from './routing/openai-model.ts'
import { modelNamed, type Route, routeOf, unknownModel } from './routing/route.ts'
import { checkSecure } from './routing/secure.ts'

export interface HandleOptions {
  readonly callerOf: CallerOf
  readonly limit: RateLimit
  readonly records: Records
  readonly shadow: PassageWorld['shadow']
  readonly holding: Holding
  readonly nowMs: () => number
  readonly maxBodyBytes: number
  readonly memory: BodyMemory
  /** @throws Failure where a request may not go on */
  readonly admit: (request: IncomingMessage) => void
}

/** Bodies up to this size are read before they are sent: faster than streaming (measured), and they can be sent again. */
const bufferBytes = 64 * 1024
/** The model's name may stand anywhere in a body, so that all of it must be read first. */
const openaiBytes = 2 ** 20

export type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** @throws Failure malformed */
const isRoundRobin = ({ headers }: IncomingMessage): boolean => {
  const value = headers[gatewayHeaders.balance]
  if (value === undefined || value === 'least-outstanding') return false
  if (value === 'round-robin') return true
  throw new Failure('malformed', 'X-Gantry-Balance must be round-robin or least-outstanding', {
    field: 'X-Gantry-Balance',
  })
}

const entryOf = (key: string) => ({ id: key, object: 'model', created: 0, owned_by: 'gantry' })

/** @throws Failure unknown-model, method-not-allowed, forbidden */
const listModels = (
  { method }: IncomingMessage,
  response: ServerResponse,
  models: Models,
  id?: string,
): void => {
  if (method !== 'GET' && method !== 'HEAD')
    throw new Failure('method-not-allowed', 'this path answers GET only')
  if (id !== undefined && !models.find(id)) throw unknownModel(id, models, 'model')
  const list = { object: 'list', data: models.all().map(({ key }) => entryOf(key)) }
  replyJson(response, 200, id === undefined ? list : entryOf(id))
}

type ModelRoute = Exclude<Route, { kind: 'models' }>
type Target = Pick<Call, 'served' | 'path' | 'body' | 'mayWake'>

const senderOf = ({ socket }: IncomingMessage, client: string): Sender => ({
  client,
  address: plainAddress(socket.remoteAddress ?? ''),
})

/** The model of an OpenAI body, whose pod knows it by its own name only. @throws Failure malformed, too-large, unknown-model, ambiguous, forbidden */
const openaiTarget = (path: string, body: Body, models: Models): Target => {
  if (isStreamed(body))
    throw new Failure(
      'too-large',
      `a body that names its model has at most ${openaiBytes} bytes; send larger ones to /NAMESPACE/NAME${path}`,
    )
  const found = findModel(body ?? Buffer.alloc(0))
  const served = modelNamed(found.name, models)
  const { name } = served.model()
  const mayWake = models.mayWake(served)
  return { served, path, mayWake, body: found.name === name ? body : withModel(body as Buffer, found, name) }
}

const targetOf = (route: ModelRoute, body: Body, models: Models): Target =>
  route.kind === 'model'
    ? { ...route, body, mayWake: models.mayWake(route.served) }
    : openaiTarget(route.path, body, models)

const batchForm = /^\/batch\/?(?:\?|$)/

const limitsOf = (
  route: ModelRoute,
  isBatch: boolean,
  mostBytes: number,
): Pick<BodyLimits, 'bufferBytes' | 'mayStream'> => {
  if (isBatch) return { bufferBytes: mostBytes, mayStream: false }
  return route.kind === 'openai'
    ? { bufferBytes: openaiBytes, mayStream: false }
    : { bufferBytes, mayStream: true }
}

/** @throws Failure what routeOf throws, and forbidden where the model takes TLS only */
const secureRouteOf = (request: IncomingMessage, models: Models): Route => {
  const route = routeOf(request, models)
  if (route.kind === 'model') checkSecure(route.served.model(), request.socket)
  return route
}

/** How the body of a request is taken, and who is counted for it. */
interface Kind {
  readonly isBatch: boolean
  readonly hold: Hold
  readonly from: Sender
}

/** Counts a request as soon as it is known who calls, and once however often it is tried. */
const countOnce = (limit: RateLimit): ((caller: Caller) => string) => {
  let client: string | undefined
  return (caller) => {
    if (client !== undefined) return client
    client = caller.client()
    limit.take(client)
    return client
  }
}

export const createHandle = ({
  callerOf,
  limit,
  records,
  shadow,
  holding,
  nowMs,
  maxBodyBytes,
  memory,
  admit,
}: HandleOptions): Handle => {
  const forward = holdingForward(createForward({ nowMs, records, shadow }), holding, records)

  const batch = async (
    request: IncomingMessage,
    response: ServerResponse,
    call: Target & Kind,
    roundRobin: boolean,
  ): Promise<void> => {
    if (request.method !== 'POST') throw new Failure('method-not-allowed', 'a batch is sent with POST')
    const asked = await readBatch((call.body as Buffer | undefined) ?? Buffer.alloc(0))
    if (response.closed) return
    // The batch itself has been counted as one.
    limit.owe(call.from.client, asked.payloads.length - 1)
    const trace = traceOf(request.headers)
    const left = new AbortController()
    response.once('close', () => left.abort())
    const each = {
      ...{ served: call.served, mayWake: call.mayWake, from: call.from, trace },
      isRoundRobin: roundRobin,
      headers: batchHeaders(request, trace),
    }
    const results = await runBatch(
      asked,
      each,
      { forward, nowMs, mostAnswerBytes: maxBodyBytes, hold: call.hold },
      left.signal,
    )
    replyParts(response, 200, [...batchAnswer(results)])
  }

  const pass = (
    request: IncomingMessage,
    response: ServerResponse,
    target: Target,
    more: Pick<Call, 'startedMs' | 'isRoundRobin' | 'from'>,
  ): void => {
    const trace = traceOf(request.headers)
    const length = isStreamed(target.body) ? target.body.contentLength : undefined
    const headers = requestHeaders(request, trace, length)
    const sink = responseSink(request, response)
    forward({ ...target, ...more, method: request.method ?? 'GET', headers, trace, sink })
  }

  return (request, response) => {
    const startedMs = nowMs()
    const refuse = (error: unknown): void => {
      const failure = asFailure(error)
      records.refused(request, failure, startedMs, error)
      replyFailure(request, response, failure)
    }
    const go = (route: ModelRoute, models: Models, kind: Kind, body: Body): void => {
      const roundRobin = isRoundRobin(request)
      const target = targetOf(route, body, models)
      checkSecure(target.served.model(), request.socket)
      if (kind.isBatch) batch(request, response, { ...target, ...kind }, roundRobin).catch(refuse)
      else pass(request, response, target, { startedMs, isRoundRobin: roundRobin, from: kind.from })
    }
    const tryTo = (caller: Caller, act: (models: Models) => void): void => {
      try {
        act(caller.models)
      } catch (error) {
        const again = (): void => (response.closed ? undefined : tryTo(caller, act))
        const more = caller.more(error)
        if (more) more.then(again).catch(refuse)
        else refuse(error)
      }
    }
    const count = countOnce(limit)
    const begin = (caller: Caller): void =>
      tryTo(caller, (models) => {
        const route = secureRouteOf(request, models)
        const from = senderOf(request, count(caller))
        if (route.kind === 'models') return listModels(request, response, models, route.id)
        const isBatch = route.kind === 'model' && !route.isOwnPort && batchForm.test(route.path)
        const hold = memory(response)
        const limits = { ...limitsOf(route, isBatch, maxBodyBytes), mostBytes: maxBodyBytes, hold, nowMs }
        readBody(request, limits, (body) => {
          if (response.closed) return
          tryTo(caller, (current) => {
            if (body instanceof Failure) throw body
            go(route, current, { isBatch, hold, from }, body)
          })
        })
      })
    try {
      admit(request)
    } catch (error) {
      // What follows on the connection may have been meant for another server.
      response.shouldKeepAlive = false
      return refuse(error)
    }
    try {
      begin(callerOf(request.socket.remoteAddress, request.headers))
    } catch (error) {
      refuse(error)
    }
  }
}
