/** Everything but inference and probes, on express: metadata, metrics, the plain endpoints, and the answer to a wrong address. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { driftReferencePath } from '@gantry/contract/drift.ts'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { ExplainLimits } from '../config/explain-config.ts'
import type { Explainer } from '../explain/explainer.ts'
import { asFailure, Failure } from '../failures/errors.ts'
import { modelMetadata, type Served, serverMetadata } from '../inference/served.ts'
import type { Health } from '../observability/health.ts'
import type { Metrics } from '../observability/metrics.ts'
import { modelEntry, openaiFailure } from '../openai/answer.ts'
import type { Clock } from '../process/clock.ts'
import type { AnswersInFlight } from '../requests/answers-in-flight.ts'
import type { Bodies } from '../requests/bodies.ts'
import type { Caller } from '../requests/caller.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import { serverTiming } from '../requests/timings.ts'
import type { ApiKeys } from '../security/api-keys.ts'
import type { Registry } from '../versions/registry.ts'
import type { RepositoryControl } from '../versions/repository-control.ts'
import { httpCaller } from './caller.ts'
import { failStream } from './event-stream.ts'
import { explainHandler } from './explain.ts'
import { openaiHandlers } from './openai.ts'
import { plainHandlers } from './plain.ts'
import type { HttpRecords } from './records.ts'
import { jsonType, reply, replyFailure, replyJson } from './reply.ts'
import { repositoryHandlers } from './repository.ts'

export interface AppOptions {
  readonly version: string
  readonly health: Health
  readonly metrics: Metrics
  readonly registry: Registry
  readonly control: RepositoryControl
  /** undefined: requests need no API key. */
  readonly apiKeys: ApiKeys | undefined
  readonly bodies: Bodies
  /** Most bytes of an answer as JSON. */
  readonly maxAnswerBytes: number
  readonly answers: AnswersInFlight
  /** Bounds of explanations. */
  readonly explain: ExplainLimits
  readonly clock: Clock
  readonly nowMs: () => number
  readonly wallClock: () => Date
  readonly records: HttpRecords
}

/** Where GET is allowed, so is HEAD: express answers it without the body. */
const allowOnly =
  (method: 'GET' | 'POST') =>
  (request: Request, response: Response): void => {
    response.setHeader('allow', method === 'GET' ? 'GET, HEAD' : method)
    throw new Failure('method-not-allowed', `${request.method} is not allowed here; use ${method}`)
  }

/** Both ways to name a model: with and without its version. */
const modelPaths = (rest = '', root = '/v2'): string[] => [
  `${root}/models/:name${rest}`,
  `${root}/models/:name/versions/:version${rest}`,
]

const addProtocol = (app: Express, { version, health, registry, control }: AppOptions): void => {
  const named = ({ params }: Request): Served =>
    registry.find(String(params['name']), params['version'] as string | undefined)
  app.get('/v2', (_request, response) => replyJson(response, 200, serverMetadata(version, control.allowed)))
  app.get('/v2/models', (_request, response) => replyJson(response, 200, { models: [registry.name] }))
  app.get(modelPaths(), (request, response) =>
    replyJson(response, 200, modelMetadata(named(request), registry.versions())),
  )
  app.get(modelPaths('/ready'), (request, response) => {
    const { model, serving } = named(request)
    const reason = health.unready(serving)
    if (reason !== undefined) throw new Failure('unavailable', reason, { retryAfterSeconds: 1 })
    replyJson(response, 200, { name: model.name, ready: true })
  })
  app.all(modelPaths('/infer'), allowOnly('POST'))
  app.all(['/v2', '/v2/models', '/v2/health/live', '/v2/health/ready', '/metrics'], allowOnly('GET'))
  app.all([...modelPaths(), ...modelPaths('/ready')], allowOnly('GET'))
}

const addRepository = (app: Express, { control, bodies }: AppOptions): void => {
  const { index, load, unload } = repositoryHandlers({ control, bodies })
  const root = '/v2/repository'
  app.post(`${root}/index`, index)
  app.post(modelPaths('/load', root), load)
  app.post(modelPaths('/unload', root), unload)
  app.all([`${root}/index`, ...modelPaths('/load', root), ...modelPaths('/unload', root)], allowOnly('POST'))
}

/** The reference that a server with --drift record has made; its owner asks for that at the start, and nothing else answers here. */
const addDrift = (app: Express, { registry }: AppOptions): void => {
  app.get(driftReferencePath, (_request, response) => {
    const { reference } = registry.ready().drift
    if (!reference)
      throw new Failure('unknown-path', 'this server records no reference; start it with --drift record')
    const made = reference()
    if (!made)
      throw new Failure('invalid', 'too few rows came for a reference; 50 are needed, so start again')
    replyJson(response, 200, made)
  })
}

/** Loads with the first explanation. */
const addExplain = (app: Express, options: AppOptions): void => {
  const { clock, explain, metrics } = options
  let loaded: Promise<Explainer> | undefined
  const load = async (): Promise<Explainer> => {
    const { createExplainer } = await import('../explain/explainer.ts')
    return createExplainer({ limits: explain, clock, onRows: metrics.evaluated })
  }
  const explainer = (): Promise<Explainer> => {
    loaded ??= load()
    return loaded
  }
  const paths = ['/explain', ...modelPaths('/explain')]
  app.post(paths, explainHandler({ ...options, explainer }))
  app.all(paths, allowOnly('POST'))
}

type Endpoints = Exclude<Endpoint, 'infer' | 'explain' | 'grpc'>

/** Asks the model. @returns what sends the answer, where that has not been sent on the way */
type Answer = (
  served: Served,
  request: Request,
  response: Response,
  caller: Caller,
) => Promise<(() => void) | undefined>

type Refuse = (
  request: Request,
  response: Response,
  error: unknown,
  asked?: { readonly endpoint: Endpoint; readonly caller: Caller },
) => void

/** A request to an endpoint that asks the model, from its caller to its end. */
const asked =
  ({ registry, nowMs, records }: AppOptions, endpoint: Endpoints, answer: Answer, refuse: Refuse) =>
  async (request: Request, response: Response): Promise<void> => {
    const startedMs = nowMs()
    const caller = httpCaller(response)
    try {
      const served = registry.ready()
      caller.usage.model = served.model
      const send = await served.callers.during(() => answer(served, request, response, caller))
      caller.timings.totalMs = nowMs() - startedMs
      send?.()
      records.answered(endpoint, caller, request)
    } catch (error) {
      refuse(request, response, error, { endpoint, caller })
    }
  }

const addPlain = (app: Express, options: AppOptions): void => {
  const { answers, records } = options
  const handlers = plainHandlers(options)
  const refuse: Refuse = (request, response, error, from) => {
    const failure = asFailure(error)
    records.failed(from?.endpoint, failure, request, from?.caller)
    replyFailure(request, response, failure)
  }
  for (const endpoint of ['predict', 'chat', 'analyze'] as const) {
    const answer: Answer = async (served, request, response, caller) => {
      const text = await handlers[endpoint](served, request, caller)
      return () => {
        answers.enter(response, text.length)
        reply(response, 200, text, [...jsonType, ...serverTiming(caller.timings)])
      }
    }
    app.post(`/${endpoint}`, asked(options, endpoint, answer, refuse))
    app.all(`/${endpoint}`, allowOnly('POST'))
  }
}

/** Failures of the addresses of OpenAI's clients, which have OpenAI's form. */
const openaiRefusal =
  ({ records }: AppOptions): Refuse =>
  (request, response, error, from) => {
    const failure = asFailure(error)
    records.failed(from?.endpoint, failure, request, from?.caller)
    if (response.headersSent) failStream(response, failure)
    else replyFailure(request, response, failure, JSON.stringify(openaiFailure(failure)))
  }

const addOpenai = (app: Express, options: AppOptions): void => {
  const { registry, wallClock } = options
  const created = Math.floor(wallClock().getTime() / 1000)
  const handlers = openaiHandlers(options)
  const refuse = openaiRefusal(options)
  const models = express.Router()
  models.get('/', (_request, response) =>
    replyJson(response, 200, { object: 'list', data: [modelEntry(registry.ready().model.name, created)] }),
  )
  models.get('/:name', ({ params }, response) =>
    replyJson(response, 200, modelEntry(registry.find(params.name, undefined).model.name, created)),
  )
  models.all(['/', '/:name'], allowOnly('GET'))
  models.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    refuse(request, response, error),
  )
  app.use('/v1/models', models)
  for (const endpoint of ['completions', 'chat/completions', 'embeddings'] as const) {
    const answer: Answer = async (...of) => {
      await handlers[endpoint](...of)
      return undefined
    }
    app.post(`/v1/${endpoint}`, asked(options, endpoint, answer, refuse))
    app.all(`/v1/${endpoint}`, allowOnly('POST'))
  }
}

export const createApp = (
  options: AppOptions,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.get('/metrics', async (_request, response) => {
    const { contentType, body } = await options.metrics.text()
    response.setHeader('content-type', contentType)
    response.end(body)
  })
  app.get('/openapi.json', async (_request, response) => {
    const { openapiDocument } = await import('../openapi/document.ts')
    const { registry, version, apiKeys, control, explain } = options
    const can = {
      guarded: apiKeys !== undefined,
      loads: control.allowed,
      explains: explain.atATime > 0,
    }
    replyJson(response, 200, openapiDocument(registry.ready(), version, can))
  })
  app.get('/stats', (_request, response) => replyJson(response, 200, options.metrics.stats()))
  app.all(['/stats', '/openapi.json'], allowOnly('GET'))
  addProtocol(app, options)
  addRepository(app, options)
  addDrift(app, options)
  addExplain(app, options)
  addPlain(app, options)
  addOpenai(app, options)
  app.use((request: Request) => {
    throw new Failure(
      'unknown-path',
      `there is nothing at ${request.path}; GET /openapi.json lists what there is, inference at POST /v2/models/NAME/infer among it`,
    )
  })
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    // express itself throws for paths that do not decode.
    const failure =
      error instanceof URIError ? new Failure('malformed', 'the address does not decode') : asFailure(error)
    options.records.failed(undefined, failure, request)
    replyFailure(request, response, failure)
  })
  return app
}
