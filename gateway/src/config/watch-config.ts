/** Looks again at the file of models: what it says now is served, and a broken file changes nothing. */
import type { Clock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import { watchFiles } from '../identity/watch-files.ts'
import { keyOf } from '../models/model.ts'
import { type Config, type ConfigFile, configText, parseConfig } from './config-file.ts'

/** Somebody who edits the file waits for it; the file is small. */
const lookMs = 1000

export interface WatchConfigOptions {
  /** What is served now. */
  readonly file: Pick<ConfigFile, 'path' | 'text'>
  readonly clock: Clock
  readonly log: Log
  readonly apply: (config: Config) => void
}

export interface ConfigWatch {
  /** Whether the file is the one that is served. */
  readonly isServed: () => boolean
  readonly close: () => void
}

export const watchConfig = ({ file, clock, log, apply }: WatchConfigOptions): ConfigWatch => {
  let [served, latest] = [file.text, file.text as string | undefined]
  let told = ''
  /** A text that another program is still writing may look like a shorter file: it has to be there for two looks. */
  const settled = (): string | undefined => {
    const text = configText(file.path)
    const isSettled = text === latest
    latest = text
    return isSettled ? text : undefined
  }
  /** What has been looked at without success. */
  let broken: string | undefined
  const isNews = (text: string): boolean => text !== broken && (text !== served || told !== '')
  const take = (text: string): void => {
    broken = text
    const config = parseConfig(text, file.path)
    if (text !== served) {
      apply(config)
      log.info('the file of models has changed', { models: config.models.map(keyOf) })
    }
    served = text
    broken = undefined
    told = ''
  }
  const look = (): void => {
    try {
      const text = settled()
      if (text !== undefined && isNews(text)) take(text)
    } catch (error) {
      const { message } = error as Error
      if (message !== told) log.error('the models before are still served', { error: message })
      told = message
    }
  }
  return { isServed: () => told === '', close: watchFiles(clock, look, lookMs) }
}
