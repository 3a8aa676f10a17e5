/** A sealed file, or a version of such files, that cannot be opened. The message is a sentence that says what to do next. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

/** Whether a message is the sentence of `changedFile`, for what comes from another thread as a text. */
export const isChangedFile = (message: string): boolean => message.startsWith('the encrypted file ')

/** The sentence for a file that is not as it was sealed: what changed it is not known. @param path relative to the version's folder */
export const changedFile = (path: string): SealError =>
  new SealError(
    `the encrypted file ${path} is not as it was written; import the model anew, and look who can write to the volume`,
  )
