/** Where models of a simulated life come from, each with a fate that its versions share. */
import type { ClusterOptions } from '../cluster.ts'
import { measuring } from '../measured-versions.ts'
import type { SimulatedVolumes } from '../simulated-volume.ts'

export type Fate = 'good' | 'bad' | 'crashes' | 'gone' | 'flaky' | 'errs'

export const fates: readonly Fate[] = ['good', 'good', 'good', 'bad', 'crashes', 'gone', 'flaky', 'errs']

export const sourceOf = (fate: Fate, number: number): string =>
  `https://models.example/${fate}-${number}.tar.gz`

const fateOf = (source: string | undefined): Fate | undefined =>
  /\/([a-z]+)-\d+\./.exec(source ?? '')?.[1] as Fate | undefined

/** Attempts at which a flaky source fails. */
const flakyAttempts = 2

/** What becomes of versions by their source. A version of a bad one is less accurate than the gate's limit. */
export const fared = (fateOfVersion: (id: string) => Fate | undefined): ClusterOptions => ({
  imports: (source, attempt) => {
    const fate = fateOf(source)
    if (fate === 'gone')
      return { outcome: 'failed', reason: 'SourceNotFound', message: 'HTTP 404.', retry: 'never' }
    if (fate === 'flaky' && attempt < flakyAttempts)
      return { outcome: 'failed', reason: 'SourceUnreachable', message: 'No answer.', retry: 'backoff' }
    return undefined
  },
  evaluates: measuring((id) => ({ accuracy: fateOfVersion(id) === 'bad' ? 0.5 : 0.9 })),
  starts: (id) => (fateOfVersion(id) === 'crashes' ? { crash: 'no such operator' } : 'ready'),
})

export const fatesOn =
  (volumes: SimulatedVolumes) =>
  (id: string): Fate | undefined =>
    fateOf(volumes.sourceOf(id))
