/** An import that would succeed; each test changes one thing. */
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImportError, inFull } from '../failures/import-error.ts'
import type { ImportOptions } from '../import/import-model.ts'
import { noProxies } from '../import/sources/proxy.ts'
import type { Log } from '../process/log.ts'
import { identity } from './models.ts'
import { onnxFile } from './onnx.ts'

export const model = onnxFile(identity('FP32'))

const silent: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  flush: async () => undefined,
}

/** A folder for one test file. */
export const temporaryFolder = (parent = tmpdir()): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(parent, 'import-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Makes folders below one, each with the files that it is given. */
export const placesIn = (folder: string) => {
  let places = 0
  return (files: Readonly<Record<string, string | Buffer>> = {}): string => {
    const path = join(folder, `${places++}`)
    mkdirSync(path)
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(path, name, '..'), { recursive: true })
      writeFileSync(join(path, name), content)
    }
    return path
  }
}

/** Copies a volume so that names of one file stay names of one file. */
export const copyVolume = (from: string, to: string, copies = new Map<number, string>()): void => {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      copyVolume(source, target, copies)
      continue
    }
    const { ino } = statSync(source)
    const copy = copies.get(ino)
    if (copy === undefined) copyFileSync(source, target)
    else linkSync(copy, target)
    copies.set(ino, copy ?? target)
  }
}

let revisions = 0

/** @param change at least source and volume; each call is another revision unless it says which */
export const importOptions = (
  change: Partial<ImportOptions> & Pick<ImportOptions, 'source' | 'volume'>,
): ImportOptions => ({
  shownAs: change.source,
  sha256: undefined,
  secret: undefined,
  allowHttpCredentials: false,
  timeouts: { connectMs: 2000, idleMs: 2000 },
  addresses: { allowLoopback: true, allowPrivate: true },
  proxies: noProxies,
  caFile: undefined,
  retryDelaysMs: [1, 1],
  boundary: undefined,
  log: silent,
  signal: new AbortController().signal,
  strict: false,
  task: 'tensor',
  file: undefined,
  revision: `revision-${revisions++}`,
  label: undefined,
  historyLimit: undefined,
  maxBytes: undefined,
  keep: [],
  pinned: [],
  now: () => new Date(),
  ...change,
})

/** Asserts, for assert.rejects, an ImportError of this reason whose sentence, with its detail, matches. */
export const failing =
  (reason: ImportError['reason'], message: RegExp, retry: ImportError['retry'] = 'never') =>
  (error: unknown): boolean => {
    if (!(error instanceof ImportError)) throw error
    if (error.reason === reason && error.retry === retry && message.test(inFull(error))) return true
    throw new Error(`${error.reason} (${error.retry}): ${inFull(error)}`)
  }
