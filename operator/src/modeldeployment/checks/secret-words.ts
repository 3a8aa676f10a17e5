/** What a server says of a Secret that is of no use to it, in terms of the Secret instead of the folder it is mounted at. */
import { allSecretFolders, type SecretFolder } from '../desired/secrets.ts'
import type { ModelDeployment } from '../model-deployment.ts'

/** How the server begins a sentence about a key that it does not name by its file. */
const spokenOf: Readonly<Record<string, RegExp>> = {
  'api-keys': /^API key "/,
  'request-log-keys': /^key "[^"]*" of the request log /,
  'encryption-keys':
    /(^| )(the encryption key \S+|the key \S+ does not open the version|encrypted under the key \S+|several encryption keys)/,
}

const isAbout = (words: string, { volume, mountPath }: SecretFolder): boolean =>
  words.includes(`${mountPath}/`) ||
  words.includes(`${mountPath} `) ||
  (spokenOf[volume]?.test(words) ?? false)

/** @returns undefined where the words are about something else */
export const secretWords = (model: ModelDeployment, words: string): string | undefined => {
  const folder = allSecretFolders(model).find((candidate) => isAbout(words, candidate))
  if (!folder) return undefined
  const { field, mountPath, secretName } = folder
  const secret = `Secret ${secretName} of ${field}`
  const [, missing] = new RegExp(`${mountPath}/(\\S+) cannot be read: ENOENT`).exec(words) ?? []
  if (missing) return `${secret} has no key ${missing}`
  return `${secret}: ${words.replaceAll(`${mountPath}/`, '').replaceAll(mountPath, 'of the Secret')}`
}
