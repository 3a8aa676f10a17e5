/** Reads which folder is served, and the settings of its model. */
import { statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { shownSource } from '@gantry/contract/source.ts'
import { isObject } from '../json/json-object.ts'
import { repositoryOf } from './repository-config.ts'
import { type Flags, shown, wrong } from './serve-options.ts'
import type { ServerConfig } from './server-config.ts'
import { type Settings, source } from './settings-file.ts'

export const versionOf = ({ version }: Settings): string | undefined => {
  if (version === undefined || typeof version === 'string') return version
  if (typeof version === 'number') return String(version)
  throw wrong(`version in the settings file must be a text, not ${shown(version)}`)
}

const digestOf = (settings: Settings, member: 'digest' | 'recordDigest'): string | undefined => {
  const digest = settings[member]
  if (digest === undefined) return undefined
  if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest
  throw wrong(
    `${member} in the settings file must be sha256: and 64 hexadecimal digits, not ${shown(digest)}`,
  )
}

export const labelsOf = (value: unknown): readonly string[] | undefined => {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((label) => typeof label === 'string')) return value
  throw wrong('labels in the settings file must be a list of names')
}

export const responsesOf = (value: unknown): Readonly<Record<string, string>> | undefined => {
  if (value === undefined) return undefined
  if (isObject(value) && Object.values(value).every((reply) => typeof reply === 'string'))
    return value as Record<string, string>
  throw wrong('responses in the settings file must be an object from category to reply')
}

/** A .onnx file stands for its folder and the choice of it. */
const modelOf = (given: string, file: string | undefined): Pick<ServerConfig, 'dir' | 'file'> => {
  if (/^https?:/i.test(given))
    throw wrong(`--model ${shownSource(given)} is an address; give it as SOURCE, without --model`)
  const path = resolve(given)
  if (!path.endsWith('.onnx') || !statSync(path, { throwIfNoEntry: false })?.isFile())
    return { dir: path, file }
  if (file === undefined) return { dir: dirname(path), file: basename(path) }
  throw wrong(`--model ${path} is a file already; give its folder with --model, or leave out --file`)
}

export const foldersOf = (
  flags: Flags,
  settings: Settings,
  { textOf }: ReturnType<typeof source>,
): Pick<ServerConfig, 'dir' | 'file' | 'repository'> => {
  const file = textOf('file')
  if (file !== undefined && !file.endsWith('.onnx'))
    throw wrong(`--file must be the path of a .onnx file in the model's folder, not ${shown(file)}`)
  const repository = repositoryOf({
    repository: textOf('repository'),
    versions: textOf('versions'),
    defaultVersion: textOf('default-version'),
    loadUnload: flags['load-unload'] === true,
  })
  if (!repository) {
    const model = textOf('model')
    if (model !== undefined) return { ...modelOf(model, file), repository }
    throw wrong('give the model as SOURCE, or its folder with --model DIR; see serve --help')
  }
  if (textOf('model') !== undefined)
    throw wrong('--model and --repository exclude each other; give one of them')
  if (file !== undefined) throw wrong('--file has no effect with --repository; give one folder with --model')
  if (settings['version'] !== undefined)
    throw wrong('version in the settings file has no effect with --repository; use --default-version')
  if (settings['digest'] !== undefined)
    throw wrong('digest in the settings file is that of one version; it has no effect with --repository')
  return { dir: resolve(textOf('repository') ?? ''), file, repository }
}

/** Characters that a URL takes unescaped, and a label of a metric, too. */
const namePattern = /^[A-Za-z0-9._-]+$/

export const nameOf = (given: string | undefined, usual: string): string => {
  if (given === undefined || namePattern.test(given)) return given ?? usual
  throw wrong(
    `--name may have letters, digits, dots, underscores and hyphens, as it stands in addresses, not ${shown(given)}`,
  )
}

export const strictOf = (flags: Flags, { strict }: Settings): boolean => {
  if (strict === undefined || typeof strict === 'boolean') return flags.strict ?? strict ?? false
  throw wrong(`strict in the settings file must be true or false, not ${shown(strict)}`)
}

/** What the operator knows of an import: its digests, and where the keys of its files are. */
export const fromImport = (
  flags: Flags,
  settings: Settings,
): Pick<ServerConfig, 'digest' | 'recordDigest' | 'encryptionKeys'> => ({
  digest: digestOf(settings, 'digest'),
  recordDigest: digestOf(settings, 'recordDigest'),
  encryptionKeys: source(flags, { 'encryption-keys': settings['encryptionKeys'] }).textOf('encryption-keys'),
})
