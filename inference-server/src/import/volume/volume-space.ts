import { statfs } from 'node:fs/promises'
import { volumeError, volumeFull } from '../../failures/import-error.ts'

/** The volume under a folder: whether files fit, and what its errors mean. */
export interface VolumeSpace {
  /** Runs an operation that writes to the volume, and turns its errors into ImportErrors. */
  readonly onVolume: <Result>(
    neededBytes: number | undefined,
    write: () => Promise<Result>,
  ) => Promise<Result>
  /** @throws ImportError VolumeFull when that many bytes do not fit */
  readonly fits: (neededBytes: number) => Promise<void>
}

export const volumeSpace = (dir: string): VolumeSpace => {
  const free = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(dir)
    return bavail * bsize
  }
  return {
    onVolume: async (neededBytes, write) => {
      try {
        return await write()
      } catch (error) {
        throw volumeError(error, dir, neededBytes, await free().catch(() => 0))
      }
    },
    fits: async (neededBytes) => {
      const bytes = await free()
      if (neededBytes > bytes) throw volumeFull(neededBytes, bytes)
    },
  }
}
