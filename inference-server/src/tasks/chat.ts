import { StartError } from '../failures/errors.ts'
import { isObject } from '../json/json-object.ts'
import { gantrySection, readJson } from '../models/config-files.ts'
import type { ModelConfig, ModelFiles } from '../models/model-files.ts'
import type { Classification } from './task.ts'

/** What /chat says when nothing fits and the model has no `default` reply. */
export const fallbackReply = '抱歉,我暂时无法处理您的请求。'

/** What /chat answers. */
export interface ChatReply {
  readonly response: string
  readonly category: string
  readonly confidence: number
  /** RFC 3339, UTC. */
  readonly timestamp: string
}

/** How a model turns a category into a reply. */
export interface ChatScript {
  /** Reply template per category; `default` answers everything else. */
  readonly responses: Readonly<Record<string, string>>
  /** The default reply is given below this confidence; 0 where unset. */
  readonly threshold: number
}

/**
 * Reply templates from the settings, else from responses.json of the folder (`{"category": "reply", "default": …}`);
 * the threshold from `gantry.responseThreshold` of config.json.
 * @throws StartError when responses.json or the threshold makes no sense
 */
export const readChatScript = async (
  files: Pick<ModelFiles, 'dir' | 'config' | 'responses'>,
): Promise<ChatScript> => ({
  responses: files.responses ?? (await readResponses(files.dir)),
  threshold: thresholdOf(files.config),
})

const readResponses = async (dir: string): Promise<Readonly<Record<string, string>>> => {
  const value = await readJson(dir, 'responses.json')
  if (value === undefined) return {}
  if (isObject(value) && Object.values(value).every((reply) => typeof reply === 'string'))
    return value as Record<string, string>
  throw new StartError(
    'responses.json has to be an object of texts such as {"category": "reply", "default": "…"}',
  )
}

const thresholdOf = (config: ModelConfig): number => {
  const { responseThreshold: threshold = 0 } = gantrySection(config)
  if (typeof threshold === 'number' && threshold >= 0 && threshold <= 1) return threshold
  throw new StartError('gantry.responseThreshold of config.json has to be a number from 0 to 1')
}

/** The reply to one message that was classified. */
export const chatReply = (result: Classification, script: ChatScript, now: Date): ChatReply => {
  const fallback = own(script.responses, 'default') ?? fallbackReply
  const sure = result.score >= script.threshold
  return {
    response: sure ? (own(script.responses, result.label) ?? fallback) : fallback,
    category: result.label,
    confidence: result.score,
    timestamp: now.toISOString(),
  }
}

/** A category may be called `constructor`. */
const own = (responses: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(responses, key) ? responses[key] : undefined
