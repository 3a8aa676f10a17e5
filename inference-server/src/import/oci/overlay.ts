/** What of an image's layers is seen in the end. */

type Kind = 'file' | 'folder'

/**
 * The layers of an image, read from the uppermost to the lowest: a file that an upper layer has, or has removed, is passed over in the lower ones. So
 * nothing is written that is removed again.
 */
export interface Overlay {
  /** Whether an upper layer has something else in the place of a path, or has removed it. @param path relative, without `.` and `..` */
  readonly hides: (path: string, kind: Kind) => boolean
  /** Notes what a layer has at a path; it hides nothing of its own layer. */
  readonly note: (path: string, kind: Kind) => void
  /** @returns whether the path is the mark of a removal, which is noted then */
  readonly noteRemoval: (path: string) => boolean
  /** The next layer, below this one, begins. */
  readonly descend: () => void
}

/** Marks of removals, by the OCI image specification: `.wh.NAME` beside what was NAME, and `.wh..wh..opq` in a folder of which nothing is left. */
const removalPrefix = '.wh.'
const opaqueMark = '.wh..wh..opq'

/** `a/b/c` -> `a`, `a/b`, `a/b/c` */
const withParents = (path: string): readonly string[] => {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

export const overlay = (): Overlay => {
  /** Paths that stand for themselves and all below them. */
  const covered = new Set<string>()
  /** Folders that stay, and of which nothing lower is left. */
  const opaque = new Set<string>()
  /** Folders, which a lower file of that path would be in the way of. */
  const folders = new Set<string>()
  let pending: (() => void)[] = []

  const hides: Overlay['hides'] = (path, kind) => {
    const all = withParents(path)
    if (opaque.has('') || all.some((one) => covered.has(one))) return true
    return (kind === 'file' && folders.has(path)) || all.slice(0, -1).some((one) => opaque.has(one))
  }

  const note: Overlay['note'] = (path, kind) => {
    pending.push(() => {
      ;(kind === 'file' ? covered : folders).add(path)
      for (const parent of withParents(path).slice(0, -1)) folders.add(parent)
    })
  }

  const noteRemoval: Overlay['noteRemoval'] = (path) => {
    const slash = path.lastIndexOf('/')
    const [folder, name] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)]
    if (!name.startsWith(removalPrefix)) return false
    if (name === opaqueMark) pending.push(() => opaque.add(folder))
    // Other names that begin so are of the driver of AUFS, and stand for no file.
    else if (!name.startsWith(`${removalPrefix}${removalPrefix}`)) {
      const removed = `${folder && `${folder}/`}${name.slice(removalPrefix.length)}`
      pending.push(() => covered.add(removed))
    }
    return true
  }

  const descend: Overlay['descend'] = () => {
    for (const apply of pending) apply()
    pending = []
  }
  return { hides, note, noteRemoval, descend }
}
