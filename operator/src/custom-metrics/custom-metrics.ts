/**
 * Serves metrics of the models' pods to autoscalers as custom.metrics.k8s.io. Every replica of the operator serves them: the
 * API server asks any of them, and a reading is as good from one as from another.
 */
import type { Cache } from '@gantry/kube/cache.ts'
import { type Clock, sleep } from '@gantry/kube/clock.ts'
import { explain } from '@gantry/kube/errors.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { Kube } from '@gantry/kube/objects.ts'
import type { PodAddress } from '../runtime/pod-http.ts'
import { createAccess } from './access.ts'
import { createAnswers } from './answers.ts'
import { askLoad } from './ask-load.ts'
import { type Listener, openListener } from './listener.ts'
import { createPodBook } from './pod-book.ts'
import { type Registration, readRegistration, type ServiceName } from './registration.ts'
import { type CertificateFiles, readTrust, type Trust } from './trust.ts'

export interface CustomMetricsConfig {
  /** 0 takes any free one. */
  readonly port: number
  readonly files: CertificateFiles
  /** The Service that leads to the port, which the APIServices name. */
  readonly service: ServiceName
}

export interface CustomMetricsOptions {
  readonly config: CustomMetricsConfig
  readonly kube: Pick<Kube, 'get' | 'create'>
  readonly clock: Clock
  readonly log: Log
  /** Where a pod answers; undefined while it is not ready. */
  readonly addressOf: (pod: LivePod) => PodAddress | undefined
  /** Port of the pods. */
  readonly podPort?: number
  /** Prefixes of the labels that the cache keeps of pods. */
  readonly keptLabels: readonly string[]
  /** Tells whoever looks after the installation that autoscalers do not reach the metrics. */
  readonly announce: (message: string) => Promise<void>
}

export interface CustomMetrics {
  /** Serves until the signal fires; never rejects. */
  readonly run: (cache: Cache, signal: AbortSignal) => Promise<void>
  /** What was found of the APIServices last; undefined before the first look. */
  readonly registration: () => Registration | undefined
}

/** The kubelet writes a changed Secret within a minute or so, and authorities are announced long before they count. */
const lookMs = 30_000
/** What is not usable yet, such as a Secret that cert-manager is about to make, is looked at sooner. */
const soonMs = 5_000

const isSame = (a: Trust, b: Trust): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Says a sentence once, until there is another one. */
const createTold = (tell: (message: string) => void) => {
  let told: string | undefined
  return (message: string | undefined): void => {
    if (message !== told && message !== undefined) tell(message)
    told = message
  }
}

export const createCustomMetrics = (options: CustomMetricsOptions): CustomMetrics => {
  const { config, kube, clock, log } = options
  const book = createPodBook({ clock, ask: (pod) => askLoad(options, pod) })
  const access = createAccess(kube, clock)
  let found: Registration | undefined
  const tellTrust = createTold((error) =>
    log.warn('custom metrics are not served with what there is now', { error }),
  )
  const tellRegistration = createTold((message) => {
    log.warn(message, { reason: 'CustomMetricsUnavailable' })
    void options.announce(message)
  })

  const look = async (): Promise<void> => {
    const next = await readRegistration(kube, config.service)
    if (next.kind === 'unknown')
      return void log.debug('the APIServices cannot be read', { error: next.message })
    found = next
    tellRegistration(next.kind === 'ours' ? undefined : next.message)
  }

  const run: CustomMetrics['run'] = async (cache, signal) => {
    const answer = createAnswers({ cache, book, access, keptLabels: options.keptLabels })
    let trust: Trust | undefined
    let listener: Listener | undefined
    const renew = async (): Promise<void> => {
      const next = await readTrust(kube, config.files)
      if (trust && isSame(trust, next)) return
      if (listener) {
        listener.exchange(next)
        log.info('custom metrics are served with another certificate or authority')
      } else {
        listener = await openListener({ port: config.port, trust: next, answer, log })
        log.info('custom metrics are served', { port: listener.port })
      }
      trust = next
    }
    while (!signal.aborted) {
      await renew().then(
        () => tellTrust(undefined),
        (error: unknown) => tellTrust(explain(error)),
      )
      await look()
      await sleep(clock, trust ? lookMs : soonMs, signal)
    }
    listener?.close()
  }
  return { run, registration: () => found }
}
