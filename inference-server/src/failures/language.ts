import { type Failure, inferenceFailed, inputFailed } from './errors.ts'

/** Both kinds have the same sentence for people: the application knows what a model's inputs are, its users do not. */
const failed: ReadonlySet<string> = new Set([inferenceFailed, inputFailed])

/** Whether a person who reads both would rather read Chinese. */
const prefersChinese = (acceptLanguage: string): boolean => {
  let chinese = 0
  let other = 0
  for (const part of acceptLanguage.split(',')) {
    const [tag = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1) || 0
    if (tag === 'zh' || tag.startsWith('zh-')) chinese = Math.max(chinese, quality)
    else if (tag !== '*') other = Math.max(other, quality)
  }
  return chinese > 0 && chinese >= other
}

/**
 * What a caller reads of a failure. One sentence is there in two languages: the one that reaches people who only use an
 * application, and can do nothing but try again.
 * @param acceptLanguage value of the header
 */
export const sentenceFor = ({ message }: Failure, acceptLanguage: string | undefined): string =>
  failed.has(message) && prefersChinese(acceptLanguage ?? '') ? '模型推理失败,请稍后重试' : message
