/** The text that Prometheus scrapes. */
import type { Series } from './series.ts'

export interface Exposition {
  readonly contentType: string
  readonly body: string
}

/** @param spent microseconds */
const asFromTheStart = (made: import('prom-client').Registry, { user, system }: NodeJS.CpuUsage): void => {
  const add = (name: string, micros: number): void =>
    (made.getSingleMetric(name) as import('prom-client').Counter).inc(micros / 1e6)
  add('process_cpu_user_seconds_total', user)
  add('process_cpu_system_seconds_total', system)
  add('process_cpu_seconds_total', user + system)
}

const registryOf = async (series: readonly Series[]): Promise<import('prom-client').Registry> => {
  const { Registry, collectDefaultMetrics } = (await import('prom-client')).default
  const made = new Registry()
  for (const one of series) made.registerMetric(one as never)
  const spent = process.cpuUsage()
  collectDefaultMetrics({ register: made })
  // Nothing counts before the first scrape otherwise.
  asFromTheStart(made, spent)
  // It is VmData, which threads reserve and never touch: many times what the process has.
  made.removeSingleMetric('process_heap_bytes')
  return made
}

/** @returns writes these series, and Node's own process metrics */
export const createExposition = (series: readonly Series[]): (() => Promise<Exposition>) => {
  // Loaded on the first scrape: it costs start time and memory that a local run never needs.
  let registry: Promise<import('prom-client').Registry> | undefined
  const write = async (): Promise<Exposition> => {
    registry ??= registryOf(series)
    const made = await registry
    return { contentType: made.contentType, body: await made.metrics() }
  }
  /** All scrapes that come while the metrics are being written get the same text: writing takes longer than most requests, and a scrape needs no key. */
  let written: Promise<Exposition> | undefined
  return () => {
    written ??= write().finally(() => {
      written = undefined
    })
    return written
  }
}
