import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, StartError } from '../errors.ts'
import type { Codec } from './codec.ts'

export interface ChatMessage {
  readonly role: string
  readonly content: string
}

/** Messages -> the prompt that a model was trained on, up to where its own answer begins. @throws Failure */
export type ChatTemplate = (messages: readonly ChatMessage[]) => string

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** The template as text: a file of its own, or part of tokenizer_config.json, alone or by name. */
const sourceOf = async (dir: string, settings: Codec['settings']): Promise<string | undefined> => {
  const path = join(dir, 'chat_template.jinja')
  const file = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`, 1, { cause: error })
  })
  if (file !== undefined) return file
  const { chat_template: template } = settings
  const named = Array.isArray(template)
    ? template.find((one) => (one as { readonly name?: unknown } | null)?.name === 'default')?.template
    : template
  return typeof named === 'string' ? named : undefined
}

/** What templates call tokens by: bos_token, eos_token and others of tokenizer_config.json. */
const tokensOf = (settings: Codec['settings']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      if (!name.endsWith('_token')) return []
      const text =
        typeof value === 'object' ? (value as { readonly content?: unknown } | null)?.content : value
      return typeof text === 'string' ? [[name, text]] : []
    }),
  )

/** @returns undefined where the folder has no template @throws StartError where it is broken */
export const loadChatTemplate = async (
  dir: string,
  settings: Codec['settings'],
): Promise<ChatTemplate | undefined> => {
  const source = await sourceOf(dir, settings)
  if (source === undefined) return undefined
  const { Template } = await import('@huggingface/jinja')
  const tokens = tokensOf(settings)
  let template: InstanceType<typeof Template>
  try {
    template = new Template(source)
  } catch (error) {
    throw new StartError(`the model's chat template cannot be read: ${(error as Error).message}`, 1, {
      cause: error,
    })
  }
  return (messages) => {
    try {
      return template.render({ ...tokens, messages, add_generation_prompt: true })
    } catch (error) {
      // Templates refuse what they were not written for: an unknown role, two answers in a row.
      throw new Failure(
        'invalid',
        `the model's chat template refuses these messages: ${(error as Error).message}`,
        {
          field: 'messages',
          cause: error,
        },
      )
    }
  }
}
