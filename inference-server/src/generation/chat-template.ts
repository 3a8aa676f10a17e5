import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, StartError } from '../failures/errors.ts'
import type { ChatMessage } from '../untrusted/messages.ts'
import { openUntrusted } from '../untrusted/untrusted-process.ts'
import type { Codec } from './codec.ts'

/** Messages -> the prompt that a model was trained on, up to where its own answer begins. @throws Failure */
export type ChatTemplate = (messages: readonly ChatMessage[]) => Promise<string>

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

/** A megabyte of messages is ten times what is read, and more than a template needs to choose from. */
const mostBytes = 1_000_000
/** Templates of tens of kilobytes, with a whole conversation, take less than a tenth of it. */
const heapMiB = 64

const subject = "the model's chat template"

/** @throws Failure */
const checkSize = (messages: readonly ChatMessage[]): void => {
  const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)
  if (bytes > mostBytes)
    throw new Failure(
      'too-large',
      `messages have ${bytes} bytes, but at most ${mostBytes} are read; shorten them`,
      { field: 'messages' },
    )
}

/**
 * A template is a program of the model's folder: it runs in a process of its own.
 * @param signal ends the process
 * @returns undefined where the folder has no template @throws StartError where it is broken
 */
export const loadChatTemplate = async (
  dir: string,
  settings: Codec['settings'],
  signal?: AbortSignal,
): Promise<ChatTemplate | undefined> => {
  const source = await sourceOf(dir, settings)
  if (source === undefined) return undefined
  const setup = { kind: 'template', source, tokens: tokensOf(settings) } as const
  const { ask } = await openUntrusted(setup, subject, { heapMiB, signal })
  return async (messages) => {
    checkSize(messages)
    const answer = await ask({ kind: 'prompt', messages }, 'messages')
    if (answer.kind === 'prompt') return answer.text
    // Templates refuse what they were not written for: an unknown role, two answers in a row.
    const why = answer.kind === 'refused' ? answer.message : `an answer of kind ${answer.kind}`
    throw new Failure('invalid', `${subject} refuses these messages: ${why}`, { field: 'messages' })
  }
}
