import type { ImportReport } from '@gantry/contract/importing.ts'
import type { VersionOptimization } from '@gantry/contract/optimizing.ts'

type Version = Extract<ImportReport, { outcome: 'imported' }>['version']
export type Imports = (
  source: string,
  attempt: number,
) => Extract<ImportReport, { outcome: 'failed' }> | undefined

const flag = (args: readonly string[], name: string): string | undefined =>
  args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1)

/** What the import command does, on volumes that are lists of versions. */
export const simulatedVolumes = (imports: Imports) => {
  const volumes = new Map<string, Version[]>()
  const attempts = new Map<string, number>()
  let count = 0

  const nextVersion = (args: readonly string[], revision: string, source: string): Version => {
    count += 1
    const label = flag(args, '--label')
    const encryptionKey = flag(args, '--encryption-key')
    return {
      ...(encryptionKey ? { encryptionKey } : {}),
      id: `v_20261123_10${String(count).padStart(4, '0')}`,
      ...(label ? { label } : {}),
      ...(args.includes('--export') ? { input: { format: 'scikit-learn', file: 'model.skops' } } : {}),
      revision,
      source,
      digest: `sha256:${'0'.repeat(64)}`,
      task: 'text-classification',
      sizeBytes: 4_000_000,
      createdAt: `2026-11-23T10:00:${String(count).padStart(2, '0')}Z`,
    }
  }
  /** Versions beyond the history limit, oldest first, but for those to keep. */
  const prune = (versions: Version[], args: readonly string[], newest: string): readonly string[] => {
    const limit = Number(flag(args, '--history-limit'))
    const keep = new Set([newest, ...(flag(args, '--keep') ?? '').split(',')])
    const pinned = new Set((flag(args, '--pinned') ?? '').split(','))
    const surplus = Math.max(versions.filter(({ id }) => !pinned.has(id)).length - limit, 0)
    const pruned: string[] = []
    while (pruned.length < surplus) {
      const next = versions.find(
        ({ id }) => !keep.has(id) && !pinned.has(id) && !versions.some((version) => version.parent === id),
      )
      if (!next) break
      versions.splice(versions.indexOf(next), 1)
      pruned.push(next.id)
    }
    return pruned
  }
  /** What `import --rewrap` does. */
  const rewrap = (claimUid: string, key: string | undefined): ImportReport => {
    const versions = volumes.get(claimUid) ?? []
    const encrypted = versions.filter(({ encryptionKey }) => encryptionKey !== undefined)
    for (const version of encrypted) Object.assign(version, { encryptionKey: key })
    const version = encrypted.at(-1)
    if (!version)
      return { outcome: 'failed', reason: 'ImportFailed', message: 'no version is encrypted', retry: 'never' }
    return { outcome: 'imported', version, pruned: [], rewrapped: encrypted.map(({ id }) => id) }
  }
  const run = (claimUid: string, args: readonly string[]): ImportReport => {
    if (args.includes('--rewrap')) {
      const failure = imports('rewrap', 0)
      return failure ?? rewrap(claimUid, flag(args, '--encryption-key'))
    }
    const revision = flag(args, '--revision') ?? ''
    const source = flag(args, '--source-name') ?? flag(args, '--source') ?? ''
    const versions = volumes.get(claimUid) ?? []
    volumes.set(claimUid, versions)
    const found = versions.find((version) => version.revision === revision)
    if (found) return { outcome: 'imported', version: found, pruned: [] }
    const attempt = attempts.get(source) ?? 0
    attempts.set(source, attempt + 1)
    const failure = imports(source, attempt)
    if (failure) return failure
    const version = nextVersion(args, revision, source)
    versions.push(version)
    return { outcome: 'imported', version, pruned: prune(versions, args, version.id) }
  }
  /** What `import --commit` does. */
  const commit = (
    claimUid: string,
    args: readonly string[],
    {
      parent,
      ...made
    }: Pick<VersionOptimization, 'recipe' | 'aim' | 'agreement' | 'agreementUnknown'> & {
      readonly parent: string
    },
  ): ImportReport => {
    const versions = volumes.get(claimUid) ?? []
    const revision = flag(args, '--revision') ?? ''
    const found = versions.find((version) => version.revision === revision)
    if (found) return { outcome: 'imported', version: found, pruned: [] }
    const base = versions.find(({ id }) => id === parent)
    if (!base)
      return { outcome: 'failed', reason: 'ImportFailed', message: `no parent ${parent}`, retry: 'never' }
    const optimization = { ...made, sizeBytes: { before: 4000, after: 1000 }, speedup: 2 }
    const next = { ...nextVersion(args, revision, base.source), ...(base.label ? { label: base.label } : {}) }
    const version: Version = { ...next, parent, optimization }
    versions.push(version)
    return { outcome: 'imported', version, pruned: prune(versions, args, version.id) }
  }
  return {
    run,
    commit,
    /** Where a version came from. */
    sourceOf: (id: string): string | undefined =>
      [...volumes.values()].flat().find((version) => version.id === id)?.source,
    onVolume: (claimUid: string): readonly string[] => (volumes.get(claimUid) ?? []).map(({ id }) => id),
  }
}
export type SimulatedVolumes = ReturnType<typeof simulatedVolumes>
