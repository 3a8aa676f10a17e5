/** Reads the operator's price sheet from its ConfigMap. */
import { quoted } from '@gantry/contract/plain-text.ts'
import { pricesKey, type ReadPrices, readPrices } from '@gantry/evaluation/prices.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveConfigMap } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import type { Sheet } from './world.ts'

export interface SheetOptions {
  readonly kube: Pick<Kube, 'get'>
  readonly log: Log
  readonly namespace: string
  readonly name: string
}

/** More than any sheet, and little beside what a ConfigMap may hold (1 MiB): reading it blocks the operator. */
const mostCharacters = 256 * 1024
/** A condition has room for a few; the first ones are told. */
const mostProblems = 5

/** The sheet in a ConfigMap. @returns undefined where its key is missing */
export const pricesIn = ({ data }: LiveConfigMap): ReadPrices | undefined => {
  const text = data?.[pricesKey]
  if (text === undefined) return undefined
  if (text.length <= mostCharacters) return readPrices(text)
  return {
    kind: 'invalid',
    problems: [`it has more than ${mostCharacters} characters: take rules out of it`],
  }
}

const sheetOf = (what: string, map: LiveConfigMap | undefined): Sheet => {
  const unknown = (message: string): Sheet => ({ kind: 'unknown', message })
  if (!map) return unknown(`There is no ${what}. Create it with the key ${pricesKey}.`)
  const read = pricesIn(map)
  if (!read) return unknown(`${what} has no key ${pricesKey}. Put the price sheet there.`)
  if (read.kind === 'prices') return { kind: 'known', prices: read.prices }
  const told = read.problems.slice(0, mostProblems).map((problem) => `${quoted(problem)}.`)
  return unknown(`${what} cannot be used. ${told.join(' ')}`)
}

export interface PriceSheet {
  readonly sheet: () => Sheet
  /** Reads it again. Keeps the last one where the API server does not answer. @returns whether it is another one now */
  readonly read: () => Promise<boolean>
}

export const priceSheet = ({ kube, log, namespace, name }: SheetOptions): PriceSheet => {
  const what = `ConfigMap ${namespace}/${name}`
  let sheet: Sheet = { kind: 'pending' }
  let seen: string | undefined
  const mapOf = async (): Promise<LiveConfigMap | 'forbidden' | undefined> => {
    try {
      return await kube.get<LiveConfigMap>(ConfigMap, namespace, name)
    } catch (error) {
      if (error instanceof ApiError && error.code === 403) return 'forbidden'
      throw error
    }
  }
  const forbidden: Sheet = {
    kind: 'unknown',
    message: `The operator may not read ${what}. Give it the right, as the chart does with cost.enabled.`,
  }
  return {
    sheet: () => sheet,
    read: async () => {
      const found = await mapOf()
      const version = found === 'forbidden' ? found : (found?.metadata.resourceVersion ?? 'none')
      if (version === seen) return false
      seen = version
      sheet = found === 'forbidden' ? forbidden : sheetOf(what, found)
      if (sheet.kind === 'unknown')
        log.warn('no costs are computed', { reason: 'CostUnknown', message: sheet.message })
      else log.info('the price sheet was read', { configMap: `${namespace}/${name}` })
      return true
    },
  }
}
