/** Bytes of copies and of their answers, of all models together. */

export interface Share {
  /** Counts further bytes. @returns false where there is no room for them */
  readonly hold: (bytes: number) => boolean
  /** Gives all of them back; nothing more is held then. */
  readonly release: () => void
}

export const createShadowMemory = (mostBytes: number): (() => Share) => {
  let held = 0
  return () => {
    let own = 0
    let isReleased = false
    return {
      hold: (bytes) => {
        if (isReleased || held + bytes > mostBytes) return false
        held += bytes
        own += bytes
        return true
      },
      release: () => {
        isReleased = true
        held -= own
        own = 0
      },
    }
  }
}
