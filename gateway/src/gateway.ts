/** The composition root: what a request meets, from its connection to its endpoint. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import { asFailure, Failure } from './failure.ts'
import { replyFailure, replyJson } from './http/reply.ts'
import type { Directory } from './models/directory.ts'
import type { Body, BodyLimits } from './proxy/body.ts'
import { isStreamed, readBody } from './proxy/body.ts'
import type { Records } from './proxy/call.ts'
import { createForward } from './proxy/forward.ts'
import { traceOf } from './proxy/headers.ts'
import { findModel, withModel } from './routing/openai-model.ts'
import { modelNamed, type Route, routeOf, unknownModel } from './routing/route.ts'

export interface GatewayParts {
  readonly directory: Directory
  readonly records: Records
  readonly nowMs: () => number
  readonly maxBodyBytes: number
}

/** Bodies up to this size are read before they are sent: faster than streaming (measured), and they can be sent again. */
const bufferBytes = 64 * 1024
/** The model's name may stand anywhere in a body, so that all of it must be read first. */
const openaiBytes = 2 ** 20

export type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** @throws Failure malformed */
const isRoundRobin = (request: IncomingMessage): boolean => {
  const value = request.headers[gatewayHeaders.balance]
  if (value === undefined || value === 'least-outstanding') return false
  if (value === 'round-robin') return true
  throw new Failure('malformed', 'X-Gantry-Balance must be round-robin or least-outstanding', {
    field: 'X-Gantry-Balance',
  })
}

const entryOf = (key: string) => ({ id: key, object: 'model', created: 0, owned_by: 'gantry' })

export const createHandle = ({ directory, records, nowMs, maxBodyBytes }: GatewayParts): Handle => {
  const forward = createForward({ nowMs, records })

  const listModels = (response: ServerResponse, id: string | undefined): void => {
    if (id === undefined) {
      replyJson(response, 200, { object: 'list', data: directory.all().map(({ key }) => entryOf(key)) })
      return
    }
    if (!directory.find(id)) throw unknownModel(id, directory, 'model')
    replyJson(response, 200, entryOf(id))
  }

  const limitsOf = (route: Route): BodyLimits =>
    route.kind === 'openai'
      ? { bufferBytes: openaiBytes, mostBytes: openaiBytes }
      : { bufferBytes, mostBytes: maxBodyBytes }

  /** @throws Failure */
  const resolve = (route: Exclude<Route, { kind: 'models' }>, body: Body) => {
    if (route.kind === 'model') return { served: route.served, path: route.path, body }
    if (!Buffer.isBuffer(body))
      throw isStreamed(body)
        ? new Failure(
            'too-large',
            `a body whose model stands in it has at most ${openaiBytes} bytes; send larger ones to /NAMESPACE/NAME${route.path}`,
          )
        : new Failure('malformed', 'the body is missing', { field: 'model' })
    const found = findModel(body)
    const served = modelNamed(found.name, directory)
    const { name } = served.model()
    return { served, path: route.path, body: found.name === name ? body : withModel(body, found, name) }
  }

  return (request, response) => {
    const startedMs = nowMs()
    const refuse = (error: unknown): void => {
      const failure = asFailure(error)
      replyFailure(request, response, failure)
      records.refused(request, response, failure, startedMs)
    }
    try {
      const route = routeOf(request, directory)
      if (route.kind === 'models') return listModels(response, route.id)
      const roundRobin = isRoundRobin(request)
      readBody(request, limitsOf(route), (body) => {
        try {
          if (body instanceof Failure) throw body
          const trace = traceOf(request.headers)
          forward({ request, response, trace, startedMs, isRoundRobin: roundRobin, ...resolve(route, body) })
        } catch (error) {
          refuse(error)
        }
      })
    } catch (error) {
      refuse(error)
    }
  }
}
