/** How the outputs of the version that spec asks for are read. */
import type { LiveConfigMap } from '@gantry/kube/live.ts'
import { type Interpretation, readSettings } from './desired/settings.ts'
import type { ModelDeployment, Version } from './model-deployment.ts'
import type { Origin } from './winner.ts'

interface Interpreted {
  readonly model: ModelDeployment
  readonly origin: Origin
  readonly configMaps: readonly LiveConfigMap[]
}

/** What the pods of a version are told, while they run or are being replaced. */
export const presentInterpretation = (
  configMaps: readonly LiveConfigMap[],
  id: string,
): Interpretation | undefined => configMaps.map(readSettings).find((settings) => settings?.version === id)

/**
 * What spec says of it. Labels that came from a candidate stay with their version: those of the present winner are meant for another one where spec
 * names a version by its id. A status that was cleared has none of them, and the settings of the pods still do.
 */
export const ownInterpretation = (
  { model, origin, configMaps }: Interpreted,
  { id, labels: given }: Version,
): Interpretation => {
  const { labels: own, ...rest } = model.spec.model
  const present = origin.kind === 'none' ? presentInterpretation(configMaps, id)?.labels : undefined
  const labels = own ?? given ?? present
  return { ...rest, ...(labels ? { labels } : {}) }
}
