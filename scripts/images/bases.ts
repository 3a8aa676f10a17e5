/**
 * `npm run bases -- check`   Dockerfiles name the bases of bases.json (part of `npm run check`; needs no network)
 * `npm run bases -- verify`  the registry has every digest, for every platform, and says which tags moved on
 * `npm run bases -- renew`   takes the digests that the tags have now, into bases.json and the Dockerfiles
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Base, type Bases, baseFaults, dockerfileFaults, reference, withBases } from './base-images.ts'
import { imageIndex } from './registry.ts'

const root = join(import.meta.dirname, '../..')
const file = join(import.meta.dirname, 'bases.json')

export const dockerfiles = [
  'operator/Dockerfile',
  'gateway/Dockerfile',
  'inference-server/Dockerfile',
  'inference-server/Dockerfile.cuda',
  'optimizer/Dockerfile',
  'examples/Dockerfile',
] as const

const platforms = ['linux/amd64', 'linux/arm64'] as const

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

export const readBases = (): Bases => JSON.parse(readFileSync(file, 'utf8')) as Bases

/** Faults of what is committed. */
export const committedFaults = (): readonly string[] => {
  const { devDependencies } = JSON.parse(read('package.json')) as {
    readonly devDependencies: Readonly<Record<string, string>>
  }
  const bases = readBases()
  return [
    ...baseFaults(bases, devDependencies['node'] ?? ''),
    ...dockerfiles.flatMap((path) => dockerfileFaults(path, read(path), bases)),
  ]
}

const lacking = (has: readonly string[]): string =>
  platforms.filter((platform) => !has.includes(platform)).join(' and ')

/** What the registry says against the bases. @returns faults, and notes that forbid nothing */
export const registryFaults = async (
  bases: Bases,
): Promise<{ readonly faults: readonly string[]; readonly notes: readonly string[] }> => {
  const faults: string[] = []
  const notes: string[] = []
  for (const base of Object.values(bases)) {
    try {
      const missing = lacking((await imageIndex(base.image, base.digest)).platforms)
      if (missing) faults.push(`${reference(base)} has nothing for ${missing}`)
      const { digest } = await imageIndex(base.image, base.tag)
      if (digest !== base.digest)
        notes.push(`${base.image}:${base.tag} is ${digest} by now: npm run bases -- renew`)
    } catch (error) {
      faults.push(`${reference(base)}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { faults, notes }
}

/** @param today as 2026-11-26 */
export const renewed = async (base: Base, today: string): Promise<Base> => {
  const { digest, platforms: has } = await imageIndex(base.image, base.tag)
  const missing = lacking(has)
  if (missing) throw new Error(`${base.image}:${base.tag} has nothing for ${missing}`)
  return { ...base, digest, seenAtRegistry: today }
}

const renew = async (): Promise<void> => {
  const today = new Date().toISOString().slice(0, 10)
  const entries: [string, Base][] = []
  for (const [name, base] of Object.entries(readBases())) entries.push([name, await renewed(base, today)])
  const bases = Object.fromEntries(entries)
  writeFileSync(file, `${JSON.stringify(bases, null, 2)}\n`)
  for (const path of dockerfiles) writeFileSync(join(root, path), withBases(read(path), bases))
  for (const base of Object.values(bases)) console.log(reference(base))
}

const end = (faults: readonly string[], notes: readonly string[] = []): void => {
  for (const line of [...faults, ...notes]) console.log(line)
  process.exitCode = faults.length === 0 ? 0 : 1
}

const commands: Readonly<Record<string, () => Promise<void>>> = {
  check: async () => end(committedFaults()),
  verify: async () => {
    const { faults, notes } = await registryFaults(readBases())
    end([...committedFaults(), ...faults], notes)
  },
  renew,
}

if (import.meta.main) {
  const command = commands[process.argv[2] ?? '']
  if (command) await command()
  else end([`npm run bases -- ${Object.keys(commands).join(' | ')}`])
}
