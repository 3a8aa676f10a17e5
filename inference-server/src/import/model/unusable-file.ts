/** What an import says of a file beside the graph that the server could not read. */
import { plainText } from '@gantry/contract/plain-text.ts'
import { StartError } from '../../failures/errors.ts'
import { ImportError } from '../../failures/import-error.ts'

interface Words {
  readonly message: string
  readonly detail?: string
}

/** The server's sentence, and separately the words of the library that read the file, since those quote the file. */
const wordsOf = ({ message, cause }: StartError): Words => {
  if (cause instanceof Error && message.endsWith(`: ${cause.message}`))
    return { message: message.slice(0, -cause.message.length - 2), detail: cause.message }
  if (/^[\w./-]+ must hold a JSON object$/.test(message)) return { message }
  return { message: 'a file beside the graph does not fit the task', detail: message }
}

/**
 * Why a file beside the graph cannot be used; other errors than the server's stay as they are.
 * @param dir absolute, taken out of the sentence
 */
export const unusable = (error: unknown, dir: string): unknown => {
  if (!(error instanceof StartError)) return error
  const inside = (text: string): string => plainText(text.replaceAll(`${dir}/`, ''))
  const { message, detail } = wordsOf(error)
  return new ImportError('ModelIncomplete', inside(message), 'never', {
    cause: error,
    detail: detail === undefined ? undefined : inside(detail),
  })
}
