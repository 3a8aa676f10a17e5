/** The price sheet of each release. */
import { quoted } from '@gantry/contract/plain-text.ts'
import { managerOf } from '@gantry/contract/release.ts'
import type { LiveConfigMap } from '@gantry/kube/live.ts'
import { ConfigMap } from '@gantry/kube/resources.ts'
import type { Session } from '../cluster/session.ts'
import { type Check, type Finding, ok, orForbidden, warn } from './finding.ts'
import type { Release } from './release.ts'

const sheetOf = async ({ kube }: Session, release: Release): Promise<Finding> => {
  const { namespace, priceSheet } = release
  if (priceSheet === undefined)
    return ok('prices', `${managerOf(release)} tells no costs (chart value cost.enabled).`)
  const where = `ConfigMap ${namespace}/${priceSheet}`
  const map = await kube.get<LiveConfigMap>(ConfigMap, namespace, priceSheet)
  if (!map)
    return warn(
      'prices',
      `There is no ${where}, so that no cost is known.`,
      'Create it; docs/cost.md shows one.',
    )
  const { pricesKey, readPrices } = await import('@gantry/evaluation/prices.ts')
  const text = map.data?.[pricesKey]
  if (text === undefined)
    return warn('prices', `${where} has no key ${pricesKey}.`, 'docs/cost.md shows one.')
  const read = readPrices(text)
  return read.kind === 'prices'
    ? ok('prices', `${where} has prices in ${read.prices.currency}.`)
    : warn(
        'prices',
        `${where} is no price sheet: ${quoted(read.problems.join(' '))}`,
        'Correct it; docs/cost.md shows one.',
      )
}

export const pricesCheck: Check = ({ session, releases }) =>
  orForbidden('prices', () => Promise.all((releases ?? []).map((release) => sheetOf(session, release))))
