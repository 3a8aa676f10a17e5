import { StartError } from '../failures/errors.ts'

const isNumber =
  (harmless: number) =>
  (value: unknown): boolean =>
    value === harmless

const isEmpty = (value: unknown): boolean => value === false || (Array.isArray(value) && value.length === 0)

/** Settings that change the texts of transformers, but not here, and the values that change nothing. */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  begin_suppress_tokens: isEmpty,
  constraints: isEmpty,
  diversity_penalty: isNumber(0),
  encoder_no_repeat_ngram_size: isNumber(0),
  encoder_repetition_penalty: isNumber(1),
  epsilon_cutoff: isNumber(0),
  eta_cutoff: isNumber(0),
  exponential_decay_length_penalty: isEmpty,
  force_words_ids: isEmpty,
  guidance_scale: isNumber(1),
  num_beam_groups: isNumber(1),
  penalty_alpha: isNumber(0),
  sequence_bias: isEmpty,
  typical_p: isNumber(1),
  watermarking_config: isEmpty,
}

/**
 * @param values of generation_config.json
 * @throws StartError naming a setting that would be ignored
 */
export const refuseUnsupported = (values: Readonly<Record<string, unknown>>): void => {
  for (const [name, isHarmless] of Object.entries(harmless)) {
    const value = values[name]
    if (value === undefined || value === null || isHarmless(value)) continue
    throw new StartError(
      `generation_config.json sets ${name}, without which its texts would be others and which is not known here; remove it if that is meant, or serve the model as task tensor`,
    )
  }
}
