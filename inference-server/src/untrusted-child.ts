/** Entry point of the process that tokenizes texts and renders templates of untrusted folders. It holds only the folder's content and the caller's texts. */
import { writeFileSync } from 'node:fs'
import { takeSealedFolder } from './sealing/sealed-folders.ts'
import type { Answer, Question, Setup } from './untrusted/messages.ts'

/** Ten times the longest prompt that is read: more would only be refused on the other side. */
const longestPrompt = 1_000_000

type Reader = (question: Question) => Answer

const tokenizerReader = async ({ dir, sealed }: Extract<Setup, { kind: 'tokenizer' }>): Promise<Reader> => {
  takeSealedFolder(sealed)
  const { readTokenizerHere } = await import('./tasks/text/tokenizer-file.ts')
  const { idsOf, pieces } = await readTokenizerHere(dir)
  return (question) => {
    if (question.kind === 'prompt') throw new Error('a tokenizer writes no prompts')
    const { kind, text, most } = question
    return kind === 'ids' ? { kind, ids: idsOf(text, most) } : { kind, pieces: pieces(text, most) }
  }
}

/** @throws Error with the sentence that the server ends with */
const parsed = <Parsed>(parse: () => Parsed): Parsed => {
  try {
    return parse()
  } catch (error) {
    throw new Error(`the model's chat template cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

const templateReader = async (source: string, tokens: Readonly<Record<string, string>>): Promise<Reader> => {
  const { Template } = await import('@huggingface/jinja')
  const template = parsed(() => new Template(source))
  return (question) => {
    if (question.kind !== 'prompt') throw new Error('a template has no tokens')
    const text = template.render({ ...tokens, messages: question.messages, add_generation_prompt: true })
    if (text.length > longestPrompt) throw new Error(`the prompt has ${text.length} characters`)
    return { kind: 'prompt', text }
  }
}

const readerOf = (setup: Setup): Promise<Reader> =>
  setup.kind === 'tokenizer' ? tokenizerReader(setup) : templateReader(setup.source, setup.tokens)

const refused = (error: unknown): Answer => {
  const { message, cause } = error as Error
  return { kind: 'refused', message, cause: cause instanceof Error ? cause.message : undefined }
}

/** The out-of-memory killer ends this process before the server. Systems without this file have no such setting. */
const raiseOomScore = (): void => {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {}
}

const listen = (send: (answer: Answer) => void): void => {
  let reader: Reader | undefined
  const answer = async (message: Setup | Question): Promise<Answer> => {
    if (reader) return reader(message as Question)
    reader = await readerOf(message as Setup)
    return { kind: 'ready' }
  }
  process.on('message', (message: Setup | Question) => void answer(message).catch(refused).then(send))
  process.on('disconnect', () => process.exit())
}

// Nothing happens where it is imported for another reason than to be a process.
if (import.meta.main && process.send) {
  raiseOomScore()
  const send = process.send.bind(process)
  listen((answer) => void send(answer))
}
