/** How much of a source has come. */
export interface Progress {
  /** The import begins, or begins anew. @param totalBytes undefined where the source does not say them before it is read */
  readonly begin: (totalBytes: number | undefined) => void
  /** More bytes came; a negative number where some have to come again. */
  readonly came: (bytes: number) => void
  readonly read: () => { readonly bytes: number; readonly totalBytes: number | undefined }
}

export const countProgress = (): Progress => {
  let bytes = 0
  let totalBytes: number | undefined
  return {
    begin: (expected) => {
      bytes = 0
      totalBytes = expected
    },
    came: (more) => {
      bytes += more
    },
    read: () => ({ bytes, totalBytes }),
  }
}
