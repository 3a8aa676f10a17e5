/** The text that a request gives the model to go on with: a prompt, or messages. */
import { Failure } from '../failures/errors.ts'
import type { TextModel } from '../generation/text-model.ts'
import type { Members } from '../requests/members.ts'
import { checkMarks } from '../tasks/text/combining-marks.ts'
import { kindOf } from '../tasks/text/texts.ts'
import type { ChatMessage } from '../untrusted/messages.ts'
import { type PromptText, readFlag } from './request.ts'

/** Longest prompt in bytes of UTF-8: tokenizing it blocks all other requests. */
const maxPromptBytes = 100_000
const maxMessages = 1000

const isText = (value: unknown): value is string => typeof value === 'string'

const checkedText = (text: string, field: string): string => {
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxPromptBytes) {
    checkMarks(text, field)
    return text
  }
  throw new Failure(
    'too-large',
    `${field} has ${bytes} bytes, but at most ${maxPromptBytes} are read; shorten it`,
    {
      field,
    },
  )
}

/** Token ids instead of a text. */
const checkedIds = (
  ids: readonly unknown[],
  field: string,
  vocabulary = Number.POSITIVE_INFINITY,
): readonly number[] => {
  const wrong = ids.find((id) => !Number.isInteger(id) || Number(id) < 0 || Number(id) >= vocabulary)
  if (wrong === undefined) return ids as readonly number[]
  throw new Failure(
    'invalid',
    `${field} holds ${JSON.stringify(wrong)}, which is no id of a token of this model`,
    {
      field,
    },
  )
}

/** Reads the prompts of POST /v1/completions: a text, token ids, or a list of either. @throws Failure */
export const readPrompts = async (
  members: Members,
  { codec, vocabulary }: TextModel,
): Promise<readonly PromptText[]> => {
  const { prompt } = members
  const echo = readFlag(members, 'echo')
  if (Array.isArray(prompt)) checkedText(prompt.filter(isText).join(''), 'prompt')
  const one = async (value: unknown, field: string): Promise<PromptText> => {
    if (isText(value)) {
      const ids = await codec.encode(checkedText(value, field), true, field)
      return { ids, field, ...(echo && { echo: value }) }
    }
    if (!Array.isArray(value))
      throw new Failure('invalid', `${field} has to be a text or a list of token ids, not ${kindOf(value)}`, {
        field,
      })
    const ids = checkedIds(value, field, vocabulary)
    return { ids, field, ...(echo && { echo: codec.decode(ids) }) }
  }
  if (prompt === undefined || prompt === null)
    throw new Failure('invalid', 'prompt is missing', { field: 'prompt' })
  if (!Array.isArray(prompt) || Number.isInteger(prompt[0])) return [await one(prompt, 'prompt')]
  if (prompt.length === 0) throw new Failure('invalid', 'prompt is an empty list', { field: 'prompt' })
  const prompts: PromptText[] = []
  for (const [index, value] of prompt.entries()) prompts.push(await one(value, `prompt[${index}]`))
  return prompts
}

/** Text of a message: a string, or parts of type text. */
const contentOf = (content: unknown, field: string): string => {
  if (isText(content)) return content
  if (!Array.isArray(content))
    throw new Failure('invalid', `${field} has to be a text or a list of parts, not ${kindOf(content)}`, {
      field,
    })
  const texts = content.map((part: unknown, index) => {
    const { type, text } = (part ?? {}) as { readonly type?: unknown; readonly text?: unknown }
    if (type === 'text' && isText(text)) return text
    throw new Failure(
      'invalid',
      `${field}[${index}] has to be {"type": "text", "text": "…"}; this model reads text`,
      {
        field: `${field}[${index}]`,
      },
    )
  })
  return texts.join('')
}

const messageOf = (value: unknown, field: string): ChatMessage => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Failure('invalid', `${field} has to be an object with role and content`, { field })
  const { role, content } = value as Members
  if (!isText(role) || role === '')
    throw new Failure('invalid', `${field}.role has to be a text such as user`, { field: `${field}.role` })
  if (content === undefined || content === null)
    throw new Failure('invalid', `${field}.content is missing`, { field: `${field}.content` })
  // OpenAI has renamed the system role to developer since.
  return { role: role === 'developer' ? 'system' : role, content: contentOf(content, `${field}.content`) }
}

/** Reads the messages of POST /v1/chat/completions. @throws Failure */
export const readMessages = async (
  members: Members,
  { codec, chatTemplate }: TextModel,
): Promise<PromptText> => {
  const field = 'messages'
  if (!chatTemplate)
    throw new Failure(
      'unknown-path',
      'this model has no chat template; use /v1/completions, or add chat_template to tokenizer_config.json',
    )
  const { messages } = members
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > maxMessages)
    throw new Failure('invalid', `${field} has to be a list of 1 to ${maxMessages} messages`, { field })
  const text = await chatTemplate(messages.map((message, index) => messageOf(message, `${field}[${index}]`)))
  // The template writes the special tokens itself.
  return { ids: await codec.encode(checkedText(text, field), false, field), field }
}
