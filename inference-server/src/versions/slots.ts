/** The versions that a repository knows, what is loaded of each, and which of them answers where none is asked for. */
import type { Served } from '../inference/served.ts'
import type { ModelVersion } from './model-version.ts'
import { compareVersions, type VersionFolder } from './version-folders.ts'

export type VersionState = 'LOADING' | 'READY' | 'UNLOADING' | 'UNAVAILABLE'

/** State of a version. */
export interface VersionStatus {
  readonly version: string
  readonly state: VersionState
  /** Why it is not ready, or why loading it anew failed; '' otherwise. */
  readonly reason: string
  /** Set where the version is ready. */
  readonly served: Served | undefined
}

export interface Loaded {
  readonly model: ModelVersion
  readonly served: Served
  /** What its folder looked like. */
  readonly print: string
}

export interface Slot {
  readonly folder: VersionFolder
  state: VersionState
  reason: string
  loaded: Loaded | undefined
  /** Settles when all that was asked of it has been done. */
  turn: Promise<void>
}

export type ReadySlot = Slot & { readonly loaded: Loaded }

export interface Slots {
  readonly of: (folder: VersionFolder) => Slot
  readonly get: (version: string) => Slot | undefined
  readonly all: () => Iterable<Slot>
  /** Versions that are ready, oldest first. */
  readonly ready: () => readonly ReadySlot[]
  readonly current: () => Loaded | undefined
  /** The one place where requests change over. */
  readonly put: (slot: Slot, loaded: Loaded | undefined, state: VersionState, reason?: string) => void
}

/** Why a version does not answer that was never loaded. */
export const notLoaded = 'not loaded'

export const statusOf = ({ folder, state, reason, loaded }: Slot): VersionStatus => ({
  version: folder.version,
  state,
  reason,
  served: loaded?.served,
})

const isReady = (slot: Slot): slot is ReadySlot => slot.loaded !== undefined

const newSlot = (folder: VersionFolder): Slot => ({
  folder,
  state: 'UNAVAILABLE',
  reason: notLoaded,
  loaded: undefined,
  turn: Promise.resolve(),
})

/** @param defaultVersion that answers where none is asked for; undefined: the newest */
export const createSlots = (defaultVersion: string | undefined): Slots => {
  const slots = new Map<string, Slot>()
  let ready: readonly ReadySlot[] = []
  let current: Loaded | undefined
  return {
    of: (folder) => {
      const slot = slots.get(folder.version) ?? newSlot(folder)
      slots.set(folder.version, slot)
      return slot
    },
    get: (version) => slots.get(version),
    all: () => slots.values(),
    ready: () => ready,
    current: () => current,
    put: (slot, loaded, state, reason = '') => {
      Object.assign(slot, { loaded, state, reason })
      ready = [...slots.values()].filter(isReady).sort((a, b) => compareVersions(a.folder, b.folder))
      const named = ready.find(({ folder }) => folder.version === defaultVersion)
      current = (defaultVersion === undefined ? ready.at(-1) : named)?.loaded
    },
  }
}

/** Does what is asked of one version one after the other. */
export const inTurn = (slot: Slot, work: () => Promise<void>): Promise<void> => {
  const done = slot.turn.then(work)
  slot.turn = done.catch(() => {})
  return done
}
