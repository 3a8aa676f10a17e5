import { gantrySection } from '../models/config-files.ts'
import type { ModelConfig } from '../models/model-files.ts'
import { probabilitiesByLabel } from './classification.ts'
import type { Classification } from './task.ts'

/** What /analyze answers. */
export interface Analysis {
  readonly prediction: string
  readonly confidence: number
  readonly probabilities: ReadonlyMap<string, number>
  /** RFC 3339, UTC. */
  readonly timestamp: string
  /** Value of `gantry.disclaimer` in config.json. */
  readonly disclaimer?: string
}

/** The answer for one picture that was classified. */
export const analysis = (result: Classification, config: ModelConfig, now: Date): Analysis => {
  const { disclaimer } = gantrySection(config)
  return {
    prediction: result.label,
    confidence: result.score,
    probabilities: probabilitiesByLabel(result),
    timestamp: now.toISOString(),
    ...(typeof disclaimer === 'string' ? { disclaimer } : {}),
  }
}
