/** What the samples' answers mean, in English: two of the models speak Chinese, and the third one in tensors. */

/** Labels of the customer-service sample. */
const categories: Readonly<Record<string, string>> = {
  商品信息: 'product information',
  订单状态: 'order status',
  退换货: 'returns and exchanges',
  技术支持: 'technical support',
}

/** Labels of the chest-xray sample. */
const findings: Readonly<Record<string, string>> = {
  正常: 'normal',
  肺炎: 'pneumonia',
  肺结核: 'tuberculosis',
  肺癌: 'lung cancer',
  胸腔积液: 'pleural effusion',
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** Reply of the sample where no category is sure enough. */
const defaultReply = '抱歉,我暂时无法处理您的请求。'

/** @param answer of POST /chat */
export const meaningOfCategory = (answer: unknown): string => {
  const { category, confidence, response } = answer as {
    category: string
    confidence: number
    response: string
  }
  const english = categories[category] ?? category
  return response === defaultReply
    ? `not sure enough (${english}: ${percent(confidence)}); it replies "Sorry, I cannot handle your request at the moment"`
    : `${english}, ${percent(confidence)} sure; the reply says what to do in that matter`
}

/** @param answer of POST /analyze */
export const meaningOfAnalysis = (answer: unknown): string => {
  const { prediction, confidence } = answer as { prediction: string; confidence: number }
  return `${findings[prediction] ?? prediction}, ${percent(confidence)} sure`
}

/** @param answer of POST /v2/models/breast-cancer/infer: one row of probabilities, malignant and benign */
export const meaningOfProbabilities = (answer: unknown): string => {
  const { outputs } = answer as {
    outputs: readonly { readonly name: string; readonly data: readonly number[] }[]
  }
  const [malignant = Number.NaN, benign = Number.NaN] =
    outputs.find(({ name }) => name === 'probabilities')?.data ?? []
  return malignant > benign ? `malignant, ${percent(malignant)} sure` : `benign, ${percent(benign)} sure`
}
