/** What an installation gives the imports of all models: the chart's value `imports`. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { defaultHubEndpoint } from '@gantry/contract/source.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import { parseQuantity } from '@gantry/kube/quantity.ts'
import type { Quantities, Resources } from '../runtime/quantities.ts'

export interface ImportConfig {
  /** Default of spec.storage.import.resources, for the container of an import. */
  readonly resources: Resources
  readonly proxy: ProxyConfig
  /** Where spec.storage.import.caBundle says nothing else. */
  readonly caBundle: CaBundle | undefined
  /** Address of the hub of Hugging Face that sources of hf:// are on. */
  readonly hubEndpoint: string
  /** Registries that are asked over http: with a port that port alone, without one any port. */
  readonly plainHttpRegistries: readonly string[]
}

/** The proxies of downloads, as addresses of http. */
export interface ProxyConfig {
  readonly https: string | undefined
  readonly http: string | undefined
  /** Names and networks that are called directly. */
  readonly noProxy: readonly string[]
}

/** Certificates of authorities that a download trusts beside the well-known ones, in a ConfigMap of the model's namespace. */
export interface CaBundle {
  readonly configMap: string
  readonly key: string
}

/** The chart has the same; a test compares the two. */
export const defaultImportConfig: ImportConfig = Object.freeze({
  resources: Object.freeze({
    requests: Object.freeze({ cpu: '100m', memory: '128Mi', 'ephemeral-storage': '64Mi' }),
    limits: Object.freeze({ memory: '1Gi', 'ephemeral-storage': '1Gi' }),
  }),
  proxy: Object.freeze({ https: undefined, http: undefined, noProxy: Object.freeze([]) }),
  caBundle: undefined,
  hubEndpoint: defaultHubEndpoint,
  plainHttpRegistries: Object.freeze([]),
})

const parse = (key: string, text: string, problems: string[]): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
    problems.push(`${key} is not an object`)
  } catch {
    problems.push(`${key} is not JSON`)
  }
  return {}
}

const quantitiesOf = (key: string, part: string, value: unknown, problems: string[]): Quantities => {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) {
    problems.push(`${key} has no quantities by resource name in ${part}`)
    return {}
  }
  for (const [name, amount] of Object.entries(value)) {
    if ((parseQuantity(amount) ?? -1) >= 0) continue
    problems.push(`${key} has ${part}.${plainText(name, 100)}, which is no quantity such as 500m or 2Gi`)
  }
  return Object.freeze(value as Quantities)
}

const parts = ['requests', 'limits'] as const

/** Requests and limits, as JSON. @param problems takes a sentence for each mistake */
export const readResources = (key: string, text: string, problems: string[]): Resources => {
  const given = parse(key, text, problems)
  for (const name of Object.keys(given)) {
    const isKnown = parts.some((part) => part === name)
    if (!isKnown) problems.push(`${key} has "${plainText(name, 100)}": there are ${parts.join(', ')}`)
  }
  const [requests, limits] = parts.map((part) => quantitiesOf(key, part, given[part], problems))
  const resources = { requests: requests ?? {}, limits: limits ?? {} }
  for (const [name, amount] of Object.entries(resources.requests)) {
    const [asked, most] = [parseQuantity(amount), parseQuantity(resources.limits[name])]
    if (asked === undefined || most === undefined || asked <= most) continue
    problems.push(`${key} has requests.${plainText(name, 100)} above its limit`)
  }
  return Object.freeze(resources)
}

/** The address may have no user and password: they would stand in every Job, where many users may read them. */
const proxyPattern = /^http:\/\/[-A-Za-z0-9._:[\]]+\/?$/

/** The address as it is written, without a slash at the end: the admission policy compares the text. */
const proxyAddress = (key: string, text: string | undefined, problems: string[]): string | undefined => {
  if (text === undefined) return undefined
  if (proxyPattern.test(text) && URL.canParse(text)) return text.replace(/\/$/, '')
  problems.push(
    `${key} is no address of a proxy such as http://proxy.example:3128, without user and password`,
  )
  return undefined
}

const entryPattern = /^(\*|(\*?\.)?[A-Za-z0-9[][-A-Za-z0-9_.:/[\]]*)$/

const noProxyOf = (key: string, text: string | undefined, problems: string[]): readonly string[] => {
  const entries = (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  for (const entry of entries) {
    if (entryPattern.test(entry)) continue
    problems.push(
      `${key} has "${plainText(entry, 100)}": there are hosts, domains such as .svc, and networks such as 10.0.0.0/8`,
    )
  }
  return Object.freeze(entries)
}

const namePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/
const keyPattern = /^[-._A-Za-z0-9]{1,253}$/

/** @param text NAME/KEY */
const caBundleOf = (key: string, text: string | undefined, problems: string[]): CaBundle | undefined => {
  if (text === undefined) return undefined
  const [configMap = '', entry = '', more] = text.split('/')
  if (namePattern.test(configMap) && keyPattern.test(entry) && more === undefined) {
    return Object.freeze({ configMap, key: entry })
  }
  problems.push(
    `${key} is "${plainText(text, 100)}": it must be a ConfigMap and its key, such as company-ca/ca.crt`,
  )
  return undefined
}

const registriesVariable = 'IMPORT_PLAIN_HTTP_REGISTRIES'
const hubVariable = 'IMPORT_HUGGING_FACE_ENDPOINT'

/** The address has no user and password, which would stand in every Job, and no query, since paths of the hub's API are added at its end. */
const hubPattern = /^https?:\/\/[-A-Za-z0-9._:[\]]+(\/[-A-Za-z0-9._~/]*)?$/

const hubEndpointOf = (key: string, text: string | undefined, problems: string[]): string => {
  if (text === undefined) return defaultHubEndpoint
  if (hubPattern.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '')
  problems.push(
    `${key} is no address of a hub such as https://huggingface.co or https://artifacts.example/api/huggingface, without user, password and query`,
  )
  return defaultHubEndpoint
}

const registryPattern = /^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/

const registriesOf = (key: string, text: string | undefined, problems: string[]): readonly string[] => {
  const entries = (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  for (const entry of entries) {
    if (registryPattern.test(entry)) continue
    problems.push(
      `${key} has "${plainText(entry, 100)}", which is no host such as registry.example or registry.example:5000`,
    )
  }
  return Object.freeze(entries)
}

/**
 * @param text of an environment variable, undefined where it is not set
 * @param problems takes a sentence for each mistake
 */
export const readImportConfig = (
  text: (key: string) => string | undefined,
  problems: string[],
): ImportConfig => {
  const resources = text('IMPORT_RESOURCES')
  const address = (key: string) => proxyAddress(key, text(key), problems)
  return Object.freeze({
    resources:
      resources === undefined
        ? defaultImportConfig.resources
        : readResources('IMPORT_RESOURCES', resources, problems),
    proxy: Object.freeze({
      https: address('IMPORT_HTTPS_PROXY'),
      http: address('IMPORT_HTTP_PROXY'),
      noProxy: noProxyOf('IMPORT_NO_PROXY', text('IMPORT_NO_PROXY'), problems),
    }),
    caBundle: caBundleOf('IMPORT_CA_BUNDLE', text('IMPORT_CA_BUNDLE'), problems),
    hubEndpoint: hubEndpointOf(hubVariable, text(hubVariable), problems),
    plainHttpRegistries: registriesOf(registriesVariable, text(registriesVariable), problems),
  })
}
