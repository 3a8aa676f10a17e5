import { createHash, type Hash } from 'node:crypto'
import { glob, lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join, matchesGlob } from 'node:path'

/** Logical lines: comments dropped, continuations joined. */
const instructions = (dockerfile: string): readonly string[] =>
  dockerfile
    .replace(/^\s*#.*\n?/gm, '')
    .replace(/\\\s*\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** Arguments with the values that a Dockerfile gives them. */
const argumentsOf = (dockerfile: string): ReadonlyMap<string, string> => {
  const values = new Map<string, string>()
  for (const line of instructions(dockerfile)) {
    const match = /^ARG\s+(\w+)=(\S+)$/i.exec(line)
    if (match?.[1] && match[2]) values.set(match[1], match[2])
  }
  return values
}

/** A base that is made here has another digest than the published one of the same tag. */
const withoutDigest = (name: string): string => name.replace(/@sha256:.*$/, '')

/** Images that a Dockerfile builds on, without its own stages and without digests. */
export const baseNames = (dockerfile: string): readonly string[] => {
  const values = argumentsOf(dockerfile)
  const stages = new Set<string>()
  const names = new Set<string>()
  for (const line of instructions(dockerfile)) {
    const match = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line)
    if (!match) continue
    const [, from = '', stage] = match
    const argument = /^\$\{?(\w+)\}?$/.exec(from)?.[1]
    const name = withoutDigest((argument && values.get(argument)) ?? from)
    if (!stages.has(name) && name !== 'scratch') names.add(name)
    if (stage) stages.add(stage)
  }
  return [...names]
}

/** Build arguments that give the bases without their digests. */
export const baseArguments = (dockerfile: string): readonly string[] =>
  [...argumentsOf(dockerfile)]
    .filter(([, value]) => value.includes('@sha256:'))
    .map(([key, value]) => `${key}=${withoutDigest(value)}`)

/** Paths, as written, that a Dockerfile takes out of its context. */
export const copiedPaths = (dockerfile: string): readonly string[] =>
  instructions(dockerfile).flatMap((line) => {
    const match = /^(?:COPY|ADD)\s+(.*)$/i.exec(line)
    if (!match?.[1] || match[1].includes('--from=')) return []
    const rest = match[1].replace(/--\S+\s+/g, '')
    const words = rest.startsWith('[') ? (JSON.parse(rest) as string[]) : rest.split(/\s+/)
    return words.slice(0, -1)
  })

/** These are never part of an image, and there are very many of them. */
const skipped = new Set(['node_modules', '.git'])

/** Whether a .dockerignore leaves a path, or a folder above it, out of the context. @throws Error where a line takes something back */
const ignoredBy = (dockerignore: string): ((path: string) => boolean) => {
  const patterns = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const exception = patterns.find((pattern) => pattern.startsWith('!'))
  if (exception !== undefined)
    throw new Error(
      `.dockerignore: exceptions such as ${exception} are not read here; name what is left out instead`,
    )
  const isNamed = (path: string): boolean => patterns.some((pattern) => matchesGlob(path, pattern))
  return (path) => path.split('/').some((_, at, parts) => isNamed(parts.slice(0, at + 1).join('/')))
}

type IsLeftOut = (path: string) => boolean

const addTree = async (hash: Hash, context: string, path: string, isLeftOut: IsLeftOut): Promise<void> => {
  if (isLeftOut(path)) return
  const full = join(context, path)
  const info = await lstat(full)
  hash.update(`${path}\0${info.mode.toString(8)}\0`)
  if (info.isSymbolicLink()) hash.update(await readlink(full))
  else if (info.isFile()) hash.update(await readFile(full))
  else if (info.isDirectory()) {
    for (const entry of (await readdir(full)).sort()) {
      if (!skipped.has(entry)) await addTree(hash, context, join(path, entry), isLeftOut)
    }
  }
}

export type ImageInputs = {
  readonly dockerfile: string
  readonly context: string
  readonly bases: readonly string[]
}

/** Digest of everything that can change the image: the Dockerfile, what it copies, and `bases`, the ids it builds on. */
export const digestOfInputs = async ({ dockerfile, context, bases }: ImageInputs): Promise<string> => {
  const text = await readFile(dockerfile, 'utf8')
  const hash = createHash('sha256').update(text).update(bases.join('\n'))
  const ignore = await readFile(join(context, '.dockerignore'), 'utf8').catch(() => '')
  hash.update(ignore)
  const isLeftOut = ignoredBy(ignore)
  for (const pattern of copiedPaths(text)) {
    const found: string[] = []
    for await (const path of glob(pattern, { cwd: context })) found.push(path)
    for (const path of found.sort()) if (!skipped.has(path)) await addTree(hash, context, path, isLeftOut)
  }
  return hash.digest('hex')
}
