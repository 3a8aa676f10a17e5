/**
 * Packs the example models for the store.
 *   node examples/store/pack.ts                writes the digests of the archives into manifests/samples
 *   node examples/store/pack.ts --check        fails when a digest there is not current
 *   node examples/store/pack.ts --out FOLDER   writes the archives (the store's image is built with it)
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { archive } from './archive.ts'

const examples = join(import.meta.dirname, '..')
const samples = join(examples, '../manifests/samples')

/** Names of the examples that hold a model. */
const names = (): readonly string[] =>
  readdirSync(examples)
    .filter((name) => existsSync(join(examples, name, 'model')))
    .sort()

/** Single files of an example that the store serves as they are: further candidates, and data to evaluate them with. */
const singleFolders = ['candidates', 'data'] as const

const singleFiles = (name: string): readonly (readonly [string, Buffer])[] =>
  singleFolders
    .map((folder) => join(examples, name, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .sort()
        .map((file) => [`${name}-${file}`, readFileSync(join(folder, file))] as const),
    )

/** What the store serves by file name: breast-cancer.tar, breast-cancer-stump.onnx, … */
const archives = (): ReadonlyMap<string, Buffer> =>
  new Map(
    names().flatMap((name) => [
      [`${name}.tar`, archive(join(examples, name, 'model'))] as const,
      ...singleFiles(name),
    ]),
  )

/** A uri of the store, and the digest on the line that follows it. */
const reference = /(uri: http:\/\/model-store\.[^/\s]+\/([^/\s]+)\n\s*sha256: ['"]?)([0-9a-f]{64})/g

/** The sample with the current digest after each uri of the store. @throws Error for an archive that nobody packs */
const withDigests = (sample: string, packed: ReadonlyMap<string, Buffer>): string =>
  sample.replace(reference, (_, before: string, file: string) => {
    const content = packed.get(file)
    if (!content)
      throw new Error(`no example is packed as ${file}; there are ${[...packed.keys()].join(', ')}`)
    return before + createHash('sha256').update(content).digest('hex')
  })

const writeArchives = (folder: string): void => {
  mkdirSync(folder, { recursive: true })
  for (const [file, content] of archives()) {
    writeFileSync(join(folder, file), content)
    console.log(`${createHash('sha256').update(content).digest('hex')}  ${file}`)
  }
}

/** Sample files whose digests are not current, with what they should hold. */
const outdated = (): ReadonlyMap<string, string> => {
  const packed = archives()
  const changed = new Map<string, string>()
  for (const file of readdirSync(samples).filter((name) => name.endsWith('.yaml'))) {
    const path = join(samples, file)
    const text = readFileSync(path, 'utf8')
    const current = withDigests(text, packed)
    if (current !== text) changed.set(path, current)
  }
  return changed
}

const { values } = parseArgs({ options: { check: { type: 'boolean' }, out: { type: 'string' } } })
if (values.out !== undefined) {
  writeArchives(values.out)
} else if (values.check) {
  const files = [...outdated().keys()]
  if (files.length > 0) {
    console.error(`digests are out of date in ${files.join(', ')}; run: node examples/store/pack.ts`)
    process.exit(1)
  }
} else {
  for (const [path, text] of outdated()) {
    writeFileSync(path, text)
    console.log(`wrote ${path}`)
  }
}
