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
import {
  createSlots,
  inTurn,
  notLoaded,
  type Slot,
  type Slots,
  statusOf,
  type VersionStatus,
} from './slots.ts'
import { compareVersions, fingerprint, type VersionFolder } from './version-folders.ts'

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
  /** Versions on the disk and loaded ones, oldest first. */
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

/** Loads and unloads versions, and knows all that have workers. */
const createLoading = (slots: Slots, open: RepositoryOptions['open']) => {
  /** Versions that have workers. */
  const alive = new Set<ModelVersion>()
  let closing = false

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
    if (!before) slots.put(slot, undefined, 'LOADING', 'the version is still loading')
    const model = open(folder)
    alive.add(model)
    try {
      const served = await model.ready
      slots.put(slot, { model, served, print }, 'READY')
    } catch (error) {
      await end(model)
      const reason = (error as Error).message
      slots.put(slot, before, before ? 'READY' : 'UNAVAILABLE', reason)
      throw error
    }
    if (before) await end(before.model)
  }

  const unloadNow = async (slot: Slot): Promise<void> => {
    if (slot.loaded) {
      const { model } = slot.loaded
      slots.put(slot, undefined, 'UNLOADING', 'the version finishes what it has begun')
      await end(model)
    }
    slots.put(slot, undefined, 'UNAVAILABLE', 'unloaded')
  }

  return {
    alive,
    load: (slot: Slot): Promise<void> => inTurn(slot, () => loadNow(slot)),
    unload: (slot: Slot): Promise<void> => inTurn(slot, () => unloadNow(slot)),
    close: async (): Promise<void> => {
      closing = true
      await Promise.all(Array.from(slots.all(), ({ turn }) => turn))
      await Promise.all([...alive].map(end))
    },
  }
}

/** States of the folders that exist, and of versions that answer after their folder was removed. */
const statuses = (there: readonly VersionFolder[], slots: Slots): readonly VersionStatus[] => {
  const known = new Map(there.map((folder) => [folder.version, folder]))
  for (const { folder, state } of slots.all()) if (state !== 'UNAVAILABLE') known.set(folder.version, folder)
  return [...known.values()].sort(compareVersions).map((folder) => {
    const slot = slots.get(folder.version)
    if (slot) return statusOf(slot)
    return { version: folder.version, state: 'UNAVAILABLE', reason: notLoaded, served: undefined }
  })
}

export const createRepository = ({ folders, open, defaultVersion }: RepositoryOptions): Repository => {
  const slots = createSlots(defaultVersion)
  const { alive, load, unload, close } = createLoading(slots, open)
  return {
    current: () => slots.current()?.served,
    status: (version) => {
      const slot = slots.get(version)
      return slot && statusOf(slot)
    },
    ready: () =>
      slots.ready().map(({ loaded: { served, model } }) => ({ served, queueLength: model.queueLength })),
    // A folder, or all of them, may have gone while a version answers.
    list: async () => statuses(await folders().catch((): readonly VersionFolder[] => []), slots),
    load: (folder) => load(slots.of(folder)),
    unload: async (version) => {
      const slot = slots.get(version)
      if (slot) await unload(slot)
    },
    serving: () => slots.current()?.served.serving(),
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
    close,
  }
}
