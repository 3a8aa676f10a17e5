/** What onnxruntime says when it fails. */

/** Texts of onnxruntime's arena and of CUDA; the errors have no code. */
const allocationFailed = /Failed to allocate memory|bad_alloc|CUDA.*out of memory/i

const messageOf = (error: unknown): string => String(error instanceof Error ? error.message : error)

/** @param error or its text */
export const firstLine = (error: unknown): string => messageOf(error).split('\n', 1)[0] ?? ''

/** @param error or its text */
export const isOutOfMemory = (error: unknown): boolean => allocationFailed.test(messageOf(error))
