/**
 * The versions of one model that this server has, each with workers of its own.
 *
 * A version is `UNAVAILABLE` until it is loaded: `LOADING`, and `READY` once it has answered its warm-up. Told to go it is
 * `UNLOADING` while it finishes what it has begun, and `UNAVAILABLE` again. One that is ready and loaded anew, because its
 * files have changed, stays `READY`: the old one answers until the new one can, and goes on if that one fails.
 * What is asked of one version happens in turn; versions do not wait for each other.
 */
import { Failure } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import type { ModelVersion } from './model-version.ts'
import { compareVersions, fingerprint, type VersionFolder } from './version-folders.ts'

export type VersionState = 'LOADING' | 'READY' | 'UNLOADING' | 'UNAVAILABLE'

/** Where a version stands. */
export interface VersionStatus {
  readonly version: string
  readonly state: VersionState
  /** Why it is not ready, or why loading it anew failed; '' otherwise. */
  readonly reason: string
  /** Set where the version is ready. */
  readonly served: Served | undefined
}

/** A version that answers. */
export interface ReadyVersion {
  readonly served: Served
  readonly queueLength: () => number
}

export interface Repository {
  /** What answers where no version is asked for: the newest that is ready, or the default. Read for every request. */
  readonly current: () => Served | undefined
  /** undefined for a version that was never loaded. */
  readonly status: (version: string) => VersionStatus | undefined
  /** Oldest first. */
  readonly ready: () => readonly ReadyVersion[]
  /** Those on the disk and those that are loaded, oldest first. */
  readonly list: () => Promise<readonly VersionStatus[]>
  /** Settles once it is ready; leaves what was there where it fails. @throws StartError @throws Failure unavailable */
  readonly load: (folder: VersionFolder) => Promise<void>
  /** Settles once its last request has been answered and its memory is free. */
  readonly unload: (version: string) => Promise<void>
  /** Workers of the current version that can take a run; undefined where there is none. */
  readonly serving: () => number | undefined
  readonly queueLength: () => number
  /** Whether a request of any version is being computed. */
  readonly isComputing: () => boolean
  /** Longest run of all versions, those that are loading or unloading included. */
  readonly longestRunMs: () => number
  /** Takes no more, finishes what there is, ends all workers. */
  readonly close: () => Promise<void>
}

export interface RepositoryOptions {
  readonly folders: () => Promise<readonly VersionFolder[]>
  readonly open: (folder: VersionFolder) => ModelVersion
  /** undefined: the newest that is ready. */
  readonly defaultVersion: string | undefined
}

interface Loaded {
  readonly model: ModelVersion
  readonly served: Served
  /** What its folder looked like. */
  readonly print: string
}

interface Slot {
  readonly folder: VersionFolder
  state: VersionState
  reason: string
  loaded: Loaded | undefined
  /** Settles when all that was asked of it has been done. */
  turn: Promise<void>
}

const notLoaded = 'not loaded'

export const createRepository = ({ folders, open, defaultVersion }: RepositoryOptions): Repository => {
  const slots = new Map<string, Slot>()
  /** Versions that have workers. */
  const alive = new Set<ModelVersion>()
  let ready: readonly (Slot & { readonly loaded: Loaded })[] = []
  let current: Loaded | undefined
  let closing = false

  const isReady = (slot: Slot): slot is Slot & { readonly loaded: Loaded } => slot.loaded !== undefined

  /** The one place where requests change over. */
  const put = (slot: Slot, loaded: Loaded | undefined, state: VersionState, reason = ''): void => {
    Object.assign(slot, { loaded, state, reason })
    ready = [...slots.values()].filter(isReady).sort((a, b) => compareVersions(a.folder, b.folder))
    const named = ready.find(({ folder }) => folder.version === defaultVersion)
    current = (defaultVersion === undefined ? ready.at(-1) : named)?.loaded
  }

  const slotOf = (folder: VersionFolder): Slot => {
    const found = slots.get(folder.version)
    if (found) return found
    const slot: Slot = {
      folder,
      state: 'UNAVAILABLE',
      reason: notLoaded,
      loaded: undefined,
      turn: Promise.resolve(),
    }
    slots.set(folder.version, slot)
    return slot
  }

  const inTurn = (slot: Slot, work: () => Promise<void>): Promise<void> => {
    const done = slot.turn.then(work)
    slot.turn = done.catch(() => {})
    return done
  }

  const end = async (model: ModelVersion): Promise<void> => {
    await model.close()
    alive.delete(model)
  }

  const loadNow = async (slot: Slot): Promise<void> => {
    const { folder, loaded: before } = slot
    if (closing)
      throw new Failure('unavailable', 'the server is shutting down, try again', { retryAfterSeconds: 1 })
    const print = await fingerprint(folder.dir)
    if (before?.print === print) return
    if (!before) put(slot, undefined, 'LOADING', 'the version is still loading')
    const model = open(folder)
    alive.add(model)
    try {
      const served = await model.ready
      put(slot, { model, served, print }, 'READY')
    } catch (error) {
      await end(model)
      const reason = (error as Error).message
      put(slot, before, before ? 'READY' : 'UNAVAILABLE', reason)
      throw error
    }
    if (before) await end(before.model)
  }

  const unloadNow = async (slot: Slot): Promise<void> => {
    if (slot.loaded) {
      const { model } = slot.loaded
      put(slot, undefined, 'UNLOADING', 'the version finishes what it has begun')
      await end(model)
    }
    put(slot, undefined, 'UNAVAILABLE', 'unloaded')
  }

  const statusOf = ({ folder, state, reason, loaded }: Slot): VersionStatus => ({
    version: folder.version,
    state,
    reason,
    served: loaded?.served,
  })

  return {
    current: () => current?.served,
    status: (version) => {
      const slot = slots.get(version)
      return slot && statusOf(slot)
    },
    ready: () => ready.map(({ loaded: { served, model } }) => ({ served, queueLength: model.queueLength })),
    list: async () => {
      // A folder, or all of them, may have gone while a version answers.
      const there = await folders().catch((): readonly VersionFolder[] => [])
      const known = new Map(there.map((folder) => [folder.version, folder]))
      for (const { folder, state } of slots.values())
        if (state !== 'UNAVAILABLE') known.set(folder.version, folder)
      return [...known.values()].sort(compareVersions).map((folder) => {
        const slot = slots.get(folder.version)
        if (slot) return statusOf(slot)
        return { version: folder.version, state: 'UNAVAILABLE', reason: notLoaded, served: undefined }
      })
    },
    load: (folder) => {
      const slot = slotOf(folder)
      return inTurn(slot, () => loadNow(slot))
    },
    unload: async (version) => {
      const slot = slots.get(version)
      if (slot) await inTurn(slot, () => unloadNow(slot))
    },
    serving: () => current?.served.serving(),
    queueLength: () => {
      let sum = 0
      for (const { queueLength } of alive) sum += queueLength()
      return sum
    },
    isComputing: () => {
      for (const { isInUse } of alive) if (isInUse()) return true
      return false
    },
    longestRunMs: () => {
      let longest = 0
      for (const { longestRunMs } of alive) longest = Math.max(longest, longestRunMs())
      return longest
    },
    close: async () => {
      closing = true
      await Promise.all([...slots.values()].map(({ turn }) => turn))
      await Promise.all([...alive].map(end))
    },
  }
}
