import { attentionRules, microsoftAttentionRules } from './attention.ts'
import { classicalRules } from './classical-ml.ts'
import { controlFlowRules } from './control-flow.ts'
import { convolutionRules, microsoftConvolutionRules } from './convolution.ts'
import { einsumRules } from './einsum.ts'
import { elementwiseRules, microsoftElementwiseRules } from './elementwise.ts'
import { expansionRules } from './expansion.ts'
import { gatheringRules, microsoftGatheringRules } from './gathering.ts'
import { joiningRules, microsoftJoiningRules } from './joining.ts'
import { layoutRules } from './layout.ts'
import type { Rule } from './node.ts'
import { microsoftNormalizationRules, normalizationRules } from './normalization.ts'
import { microsoftProductRules, productRules } from './products.ts'
import { microsoftQuantizationRules, quantizationRules } from './quantization.ts'
import { microsoftRecurrentRules, recurrentRules } from './recurrent.ts'
import { reductionRules } from './reduction.ts'
import { reshapeRules } from './reshape.ts'
import { resizeRules } from './resize.ts'
import { sliceRules } from './slice.ts'
import { microsoftTextRules, textRules } from './text.ts'

/** Domains whose operators are known to be functions of their inputs, but for those in `randomOperators`. */
const rulesByDomain: ReadonlyMap<string, ReadonlyMap<string, Rule>> = new Map(
  Object.entries({
    '': {
      ...elementwiseRules,
      ...productRules,
      ...einsumRules,
      ...convolutionRules,
      ...normalizationRules,
      ...reductionRules,
      ...layoutRules,
      ...reshapeRules,
      ...expansionRules,
      ...sliceRules,
      ...joiningRules,
      ...resizeRules,
      ...gatheringRules,
      ...quantizationRules,
      ...recurrentRules,
      ...textRules,
      ...attentionRules,
      ...controlFlowRules,
    },
    'ai.onnx.ml': classicalRules,
    'com.microsoft': {
      ...microsoftElementwiseRules,
      ...microsoftProductRules,
      ...microsoftConvolutionRules,
      ...microsoftNormalizationRules,
      ...microsoftJoiningRules,
      ...microsoftGatheringRules,
      ...microsoftQuantizationRules,
      ...microsoftRecurrentRules,
      ...microsoftTextRules,
      ...microsoftAttentionRules,
    },
  }).map(([domain, rules]) => [domain, new Map(Object.entries(rules))]),
)

const randomOperators: ReadonlySet<string> = new Set(
  'RandomNormal RandomUniform RandomNormalLike RandomUniformLike Bernoulli Multinomial BiasDropout BitmaskDropout BitmaskBiasDropout Sampling'.split(
    ' ',
  ),
)

/** The run time may have an operator of its own there, which it prefers to a function of the model. */
export const isDomainOfRuntime = (domain: string): boolean =>
  domain === '' || /^(ai\.onnx|com\.microsoft|com\.ms|org\.pytorch)(\.|$)/.test(domain)

export const isKnownDomain = (domain: string): boolean => rulesByDomain.has(domain)

export const isRandom = (operator: string): boolean => randomOperators.has(operator)

/** Operators that have a rule, by domain. */
export const operatorsWithRules = (): ReadonlyMap<string, readonly string[]> =>
  new Map([...rulesByDomain].map(([domain, rules]) => [domain, [...rules.keys()]]))

export const ruleOf = (domain: string, operator: string): Rule | undefined =>
  rulesByDomain.get(domain)?.get(operator)
