export interface Backoff {
  readonly minMs: number
  readonly maxMs: number
}

/**
 * How long to wait after the n-th failure in a row: doubling from `minMs`, never beyond `maxMs`, and spread over the
 * upper half so that what failed together does not return together.
 * @param failures 1 for the first
 * @param random a number in [0, 1)
 */
export const backoffMs = ({ minMs, maxMs }: Backoff, failures: number, random = Math.random()): number =>
  Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30)) * (0.5 + random / 2)
