/**
 * Routes a request: probes and inference are answered here, on bare node:http, because express costs more than a tiny model
 * does; everything else goes to the express app, which loads when it is first needed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { paths } from '@gantry/contract/server.ts'
import { asFailure } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import type { Caller } from '../requests/caller.ts'
import { isInferPath, modelIn } from './address.ts'
import type { AppOptions } from './app.ts'
import { httpCaller } from './caller.ts'
import { infer } from './infer.ts'
import { replyFailure, replyJson } from './reply.ts'

/** @param path of the request, which has entered */
export type Route = (request: IncomingMessage, response: ServerResponse, path: string) => void

const probe = (response: ServerResponse, reason: string | undefined): void =>
  reason === undefined ? replyJson(response, 200, {}) : replyJson(response, 503, { error: reason })

export const createRoutes = (options: AppOptions): Route => {
  const { health, registry, nowMs, bodies, maxAnswerBytes, answers, records } = options
  const shortPath = `/v2/models/${encodeURIComponent(registry.name)}/infer`

  const refuse = (
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    caller?: Caller,
  ): void => {
    const failure = asFailure(error)
    records.failed(caller && 'infer', failure, request, caller)
    replyFailure(request, response, failure)
  }

  const answerInfer = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> => {
    let found: Served | undefined
    const caller = httpCaller(response)
    try {
      found = path === shortPath ? registry.ready() : registry.find(...modelIn(path))
      found.callers.enter()
      caller.usage.model = found.model
      await infer(found, request, response, { bodies, maxAnswerBytes, answers, nowMs, caller })
      records.answered('infer', caller, request)
    } catch (error) {
      refuse(error, request, response, caller)
    } finally {
      found?.callers.leave()
    }
  }

  let app: Promise<ReturnType<typeof import('./app.ts').createApp>> | undefined
  const loadApp = async () => (await import('./app.ts')).createApp(options)
  const fallback = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    app ??= loadApp()
    const handle = await app
    handle(request, response)
  }

  const route = (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> | void => {
    const { method } = request
    if (method === 'POST' && (path === shortPath || isInferPath(path)))
      return answerInfer(request, response, path)
    if (method === 'GET' || method === 'HEAD') {
      if (path === paths.ready) return probe(response, health.unready())
      if (path === paths.live) return probe(response, health.sick())
    }
    return fallback(request, response)
  }

  return (request, response, path) => {
    const answered = route(request, response, path)
    if (answered) answered.catch((error: unknown) => refuse(error, request, response))
  }
}
