/** What `npm run optimize` says of its own options, and at its end. */
import { resolve } from 'node:path'

/** @returns a word of a POSIX shell, which may be copied from the terminal */
const shellWord = (text: string): string =>
  /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/** The place of the new folder, and the command that serves it. @param task that of the server, where it is known */
export const nextStep = (output = '', task?: string): string => {
  const folder = resolve(output)
  const how =
    task === undefined ? ', with the --task of the model where it takes texts or pictures' : ` --task ${task}`
  return `The new folder is ${folder}. To serve it: npm run serve -- --model ${shellWord(folder)}${how}`
}

/** @returns what is wrong with the value of an option that is one of a few words */
export const unknownWord = (
  option: string,
  word: string | undefined,
  words: readonly string[],
): string | undefined =>
  word === undefined || words.includes(word)
    ? undefined
    : `--${option} ${word} is none of ${words.join(', ')}`
