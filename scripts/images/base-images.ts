/** The images that our Dockerfiles build on: bases.json says which, by tag and digest, and every Dockerfile repeats it. */

export interface Base {
  /** The name, with the registry's host and without a tag. */
  readonly image: string
  readonly tag: string
  readonly digest: string
  /** Day on which the registry last answered with this digest. null: it was never asked, only others' Dockerfiles were read. */
  readonly seenAtRegistry: string | null
}

/** Each base, by the name of the build argument that Dockerfiles take it from. */
export type Bases = Readonly<Record<string, Base>>

export const reference = ({ image, tag, digest }: Base): string => `${image}:${tag}@${digest}`

const isDigest = (text: unknown): boolean => typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text)

const argument = /^ARG\s+(\w+_IMAGE)=(\S+)\s*$/gm
const from = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$/gim

/** An image of this repository that another one is built on. The build of both pins it. */
const ours = 'SERVER_IMAGE'

/** What is wrong with the bases of one Dockerfile, as sentences. */
export const dockerfileFaults = (path: string, text: string, bases: Bases): readonly string[] => {
  const faults: string[] = []
  const names = new Set<string>([ours])
  for (const [, name = '', value] of text.matchAll(argument)) {
    names.add(name)
    const base = bases[name]
    if (name === ours) continue
    if (!base) faults.push(`${path}: ${name} is not in bases.json`)
    else if (value !== reference(base)) faults.push(`${path}: ${name} must be ${reference(base)}`)
  }
  const stages = new Set(['scratch'])
  for (const [, base = '', stage] of text.matchAll(from)) {
    const used = /^\$\{(\w+)\}$/.exec(base)?.[1]
    if (used ? !names.has(used) : !stages.has(base))
      faults.push(`${path}: FROM ${base} is no stage and no argument that bases.json pins`)
    if (stage) stages.add(stage)
  }
  return faults
}

/** What is wrong with bases.json itself. @param node version of Node that tests run on, such as 24.21.0 */
export const baseFaults = (bases: Bases, node: string): readonly string[] => {
  const faults = Object.entries(bases)
    .filter(([, { digest }]) => !isDigest(digest))
    .map(([name]) => `bases.json: ${name} has no digest; run npm run bases -- renew`)
  const tag = bases['NODE_IMAGE']?.tag ?? ''
  if (!tag.startsWith(`${node}-`))
    faults.push(
      `bases.json: NODE_IMAGE is ${tag}, but package.json pins Node ${node}; tests must run on the same`,
    )
  return faults
}

/** The Dockerfile with the bases of the file. */
export const withBases = (text: string, bases: Bases): string =>
  text.replace(argument, (line: string, name: string) => {
    const base = bases[name]
    return base ? `ARG ${name}=${reference(base)}` : line
  })
