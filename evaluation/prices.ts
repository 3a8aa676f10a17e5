/**
 * The price sheet: what an hour of a node or a GPU, a month of storage and a request cost. docs/cost.md describes its form.
 *
 * Prices are decimals of at most nine digits before and after the point, and are read as doubles. Their sums are compared and
 * shown in millionths of the currency (hourly-cost.ts), so that 0.1 + 0.2 is 0.3.
 */
import { quoted } from '@gantry/contract/plain-text.ts'
import { load } from 'js-yaml'
import { type SheetReader, sheetReader } from './sheet-reader.ts'

/** Key of the sheet in its ConfigMap. */
export const pricesKey = 'prices.yaml'

/** A rule holds where the node has all its labels. The first rule that holds decides; one without labels holds everywhere. */
export interface NodeRule {
  readonly labels: Readonly<Record<string, string>>
  /** Price of the whole node for an hour. */
  readonly perHour: number
}

export interface GpuRule {
  /** Extended resource, such as nvidia.com/gpu. */
  readonly resource: string
  readonly labels: Readonly<Record<string, string>>
  /** Price of one of them for an hour. */
  readonly perHour: number
}

export interface StorageRule {
  /** Undefined holds for every class. */
  readonly storageClass: string | undefined
  /** Price of 10^9 bytes for a month. */
  readonly perGbMonth: number
}

/** A part that the sheet leaves out costs nothing. */
export interface Prices {
  /** Three capital letters, such as EUR. */
  readonly currency: string
  readonly nodes: readonly NodeRule[] | undefined
  readonly gpus: readonly GpuRule[] | undefined
  readonly storage: readonly StorageRule[] | undefined
  /** Price of one request. */
  readonly perRequest: number
}

export type ReadPrices =
  | { readonly kind: 'prices'; readonly prices: Prices }
  /** One sentence for each mistake, with the path of its field. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }

/** Whether a rule with these labels holds for a node. */
export const holds = (
  wanted: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean => Object.entries(wanted).every(([name, value]) => labels[name] === value)

const nodeRule = (rule: SheetReader): NodeRule => {
  rule.only(['labels', 'perHour'])
  return { labels: rule.texts('labels'), perHour: rule.price('perHour') }
}

const gpuRule = (rule: SheetReader): GpuRule => {
  rule.only(['resource', 'labels', 'perHour'])
  const resource = rule.text('resource')
  if (resource !== '' && !resource.includes('/'))
    rule.problem(
      'resource',
      `it is "${quoted(resource)}" and must be an extended resource, such as nvidia.com/gpu`,
    )
  return { resource, labels: rule.texts('labels'), perHour: rule.price('perHour') }
}

const storageRule = (rule: SheetReader): StorageRule => {
  rule.only(['storageClass', 'perGbMonth'])
  const storageClass = rule.has('storageClass') ? rule.text('storageClass') : undefined
  return { storageClass, perGbMonth: rule.price('perGbMonth') }
}

/** The rules of a field, each of which has to be reachable: what follows a rule that covers it decides nothing. */
const rulesOf = <Rule>(
  sheet: SheetReader,
  field: string,
  one: (rule: SheetReader) => Rule,
  covers: (earlier: Rule, later: Rule) => boolean,
): readonly Rule[] | undefined => {
  if (!sheet.has(field)) return undefined
  const rules = sheet.list(field).map(one)
  for (const [index, rule] of rules.entries()) {
    const earlier = rules.slice(0, index).findIndex((candidate) => covers(candidate, rule))
    if (earlier < 0) continue
    const why = `it is never used, since ${field}[${earlier}] comes first and holds wherever it does`
    sheet.problem(`${field}[${index}]`, `${why}. Put the narrower rule first`)
  }
  return rules
}

const perRequestOf = (sheet: SheetReader): number => {
  if (!sheet.has('requests')) return 0
  const requests = sheet.object('requests')
  requests.only(['perRequest', 'perThousand'])
  const isSingle = requests.has('perRequest')
  if (isSingle && requests.has('perThousand'))
    sheet.problem('requests', 'give either perRequest or perThousand')
  return isSingle ? requests.price('perRequest') : requests.price('perThousand') / 1000
}

const sheetOf = (sheet: SheetReader): Prices => {
  sheet.only(['currency', 'nodes', 'gpus', 'storage', 'requests'])
  const currency = sheet.text('currency')
  if (currency !== '' && !/^[A-Z]{3}$/.test(currency))
    sheet.problem('currency', `it is "${quoted(currency)}" and must be three capital letters, such as EUR`)
  return {
    currency,
    nodes: rulesOf(sheet, 'nodes', nodeRule, (earlier, later) => holds(earlier.labels, later.labels)),
    gpus: rulesOf(
      ...([sheet, 'gpus', gpuRule] as const),
      (earlier, later) => earlier.resource === later.resource && holds(earlier.labels, later.labels),
    ),
    storage: rulesOf(
      ...([sheet, 'storage', storageRule] as const),
      ({ storageClass }, later) => storageClass === undefined || storageClass === later.storageClass,
    ),
    perRequest: perRequestOf(sheet),
  }
}

/** Reads a sheet that is parsed already. */
export const pricesOf = (value: unknown): ReadPrices => {
  const problems: string[] = []
  const prices = sheetOf(sheetReader(value, problems))
  const { nodes, gpus, storage, perRequest } = prices
  if (problems.length === 0 && !nodes && !gpus && !storage && perRequest === 0)
    problems.push('the sheet has no price: give nodes, gpus, storage or requests')
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'prices', prices }
}

/** Reads the text under `pricesKey` of a ConfigMap. */
export const readPrices = (text: string): ReadPrices => {
  try {
    return pricesOf(load(text))
  } catch (error) {
    const [what = ''] = (error as Error).message.split('\n')
    return { kind: 'invalid', problems: [`the sheet is not YAML: ${quoted(what)}`] }
  }
}
