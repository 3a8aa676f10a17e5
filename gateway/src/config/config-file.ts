/** The file that names models and endpoints where there is no cluster. */
import { readFileSync } from 'node:fs'
import {
  type GatewayFile,
  gatewayFileProblems,
  type SchemaProblem,
  tracks,
} from '@gantry/contract/gateway.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { load, YAMLException } from 'js-yaml'
import { StartError } from '../failure.ts'
import { type RateLimitOptions, rateLimitOptions } from '../identity/rate-limit.ts'
import { type Canary, defaultTimeoutMs, type Model, type Shadow } from '../models/model.ts'
import { isOfConnection } from '../proxy/headers.ts'
import { comparisonOf } from '../shadow/compare.ts'
import { linesOf } from './yaml-lines.ts'

/** Sentences by the keyword of JSON Schema that is not satisfied. */
const sentences: Readonly<Record<string, (params: SchemaProblem['params']) => string>> = {
  additionalProperties: ({ additionalProperty }) =>
    `there is no field "${quoted(String(additionalProperty))}"; remove it or mend its spelling`,
  required: ({ missingProperty }) => `the field "${missingProperty}" is missing`,
  type: ({ type }) => `the value must be of type ${type}`,
  minimum: ({ limit }) => `the value must be at least ${limit}`,
  maximum: ({ limit }) => `the value must be at most ${limit}`,
  minItems: ({ limit }) => `the list must have at least ${limit} element`,
  maxItems: ({ limit }) => `the list must have at most ${limit} elements`,
  enum: () => `the value must be one of ${tracks.join(', ')}`,
}

/** What the texts look like that have a pattern, by the name of their field. */
const forms: Readonly<Record<string, string>> = {
  name: 'NAMESPACE/NAME, each of lower-case letters, digits and hyphens',
  url: 'http://HOST:PORT without a path',
  grpcUrl: 'http://HOST:PORT without a path',
  header: 'the name of a header: letters, digits and hyphens',
}

/** models[0].endpoints[1].url */
const fieldOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : `${index > 0 ? '.' : ''}${quoted(part)}`))
    .join('')

interface Problem {
  /** JSON pointer. */
  readonly at: string
  readonly sentence: string
}

const problemOf = ({ instancePath, keyword, params }: SchemaProblem): Problem => {
  const name = instancePath.slice(instancePath.lastIndexOf('/') + 1)
  if (keyword === 'pattern')
    return { at: instancePath, sentence: `the value must be ${forms[name] ?? 'another'}` }
  const at =
    keyword === 'additionalProperties' ? `${instancePath}/${params['additionalProperty']}` : instancePath
  return { at, sentence: sentences[keyword]?.(params) ?? `the value does not satisfy ${keyword}` }
}

const duplicateNames = ({ models }: GatewayFile): readonly Problem[] => {
  const first = new Map(models.map(({ name }, index) => [name, index] as const).toReversed())
  return models.flatMap(({ name }, index) =>
    first.get(name) === index
      ? []
      : [{ at: `/models/${index}/name`, sentence: `the model ${name} is named twice` }],
  )
}

const isAddress = (url: string): boolean => URL.canParse(url) && new URL(url).port !== '0'

type GivenModel = GatewayFile['models'][number]
type GivenShadow = NonNullable<NonNullable<GivenModel['canary']>['shadow']>

/** @param path JSON pointer of the model */
const endpointProblems = ({ endpoints }: GivenModel, path: string): readonly Problem[] => {
  const seen = new Set<string>()
  return endpoints.flatMap(({ url, grpcUrl }, index) => {
    const at = `${path}/endpoints/${index}`
    const wrong = Object.entries({ url, grpcUrl }).filter(([, one]) => one !== undefined && !isAddress(one))
    const origin = isAddress(url) ? new URL(url).origin : url
    const isTwice = seen.has(origin)
    seen.add(origin)
    return [
      ...wrong.map(([field]) => ({ at: `${at}/${field}`, sentence: 'the port must be from 1 to 65535' })),
      ...(isTwice ? [{ at: `${at}/url`, sentence: 'this endpoint is named twice' }] : []),
    ]
  })
}

const canaryProblems = ({ canary, endpoints }: GivenModel, path: string): readonly Problem[] =>
  !canary || canary.weight === 0 || endpoints.some(({ track }) => track === 'canary')
    ? []
    : [
        {
          at: `${path}/canary/weight`,
          sentence: 'no endpoint has "track: canary"; name one, or set the weight to 0',
        },
      ]

const stickyProblems = ({ canary }: GivenModel, path: string): readonly Problem[] =>
  canary?.sticky && isOfConnection(canary.sticky.header)
    ? [
        {
          at: `${path}/canary/sticky/header`,
          sentence: 'the header belongs to one connection, and no session; name another',
        },
      ]
    : []

/** @returns what the schema cannot see */
const furtherProblems = (file: GatewayFile): readonly Problem[] => [
  ...file.models.flatMap((model, at) => [
    ...endpointProblems(model, `/models/${at}`),
    ...canaryProblems(model, `/models/${at}`),
    ...stickyProblems(model, `/models/${at}`),
  ]),
  ...duplicateNames(file),
]

/** Nothing says what a request log may hold where there is no cluster. */
const shadowOf = ({ percent, requestLogMode = 'metadata', ...comparison }: GivenShadow): Shadow => ({
  ...{ percent, logMode: requestLogMode },
  ...comparisonOf(comparison),
})

const canaryOf = ({ step = 0, sticky, shadow, ...canary }: NonNullable<GivenModel['canary']>): Canary => ({
  ...{ ...canary, step, revision: '' },
  ...(sticky && { sticky: sticky.header.toLowerCase() }),
  ...(shadow && { shadow: shadowOf(shadow) }),
})

const modelOf = ({ name: key, timeoutSeconds, canary, endpoints }: GivenModel): Model => {
  const [namespace = '', name = ''] = key.split('/')
  return {
    namespace,
    name,
    timeoutMs: timeoutSeconds === undefined ? defaultTimeoutMs : timeoutSeconds * 1000,
    endpoints: endpoints.map(({ url, grpcUrl, track = 'stable' }) => ({
      url: new URL(url).origin,
      grpcUrl: grpcUrl === undefined ? undefined : new URL(grpcUrl).origin,
      track,
    })),
    canary: canary && canaryOf(canary),
  }
}

/** What a file says. */
export interface Config {
  readonly models: readonly Model[]
  /** undefined: the file says nothing of it. */
  readonly rateLimit: RateLimitOptions | undefined
}

const configOf = ({ models, rateLimit }: GatewayFile): Config => ({
  models: models.map(modelOf),
  rateLimit: rateLimit && rateLimitOptions(rateLimit.requestsPerSecond, rateLimit.burst),
})

/** @param path for the sentences @throws StartError with the field's name and line */
export const parseConfig = (text: string, path: string): Config => {
  const wrong = ({ at, sentence }: Problem): StartError => {
    const line = linesOf(text).get(at)
    const field = fieldOf(at)
    return new StartError(
      `${path}${line === undefined ? '' : `:${line}`}: ${field === '' ? '' : `${field}: `}${sentence}`.trim(),
    )
  }
  let file: unknown
  try {
    file = load(text, { filename: path })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const line = error.mark ? `:${error.mark.line + 1}` : ''
    throw new StartError(`${path}${line}: this is not YAML: ${error.reason}`, 2, { cause: error })
  }
  const [problem] = gatewayFileProblems(file)
  if (problem) throw wrong(problemOf(problem))
  const [further] = furtherProblems(file as GatewayFile)
  if (further) throw wrong(further)
  return configOf(file as GatewayFile)
}

export interface ConfigFile extends Config {
  readonly path: string
  readonly text: string
}

/** @throws StartError where it cannot be read */
export const configText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`, 2, { cause: error })
  }
}

/** @throws StartError where it cannot be read, or says something that cannot be */
export const readConfig = (path: string): ConfigFile => {
  const text = configText(path)
  return { path, text, ...parseConfig(text, path) }
}
