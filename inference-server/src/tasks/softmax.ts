/**
 * Softmax on the last axis, row maximum subtracted first so that `exp` cannot overflow.
 * @param logits [rows, classes], row-major; any numeric array
 * @param classes length of one row
 * @returns float32 [rows, classes], each row adding up to 1
 */
export const softmax = (logits: ArrayLike<number>, classes: number): Float32Array => {
  const probabilities = new Float32Array(logits.length)
  for (let start = 0; start < logits.length; start += classes) {
    let maximum = Number.NEGATIVE_INFINITY
    for (let i = start; i < start + classes; i++) maximum = Math.max(maximum, Number(logits[i]))
    let sum = 0
    for (let i = start; i < start + classes; i++) {
      const value = Math.exp(Number(logits[i]) - maximum)
      probabilities[i] = value
      sum += value
    }
    for (let i = start; i < start + classes; i++) probabilities[i] = Number(probabilities[i]) / sum
  }
  return probabilities
}

/** Probability of one class that has nothing to do with others. */
export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))

/** Position of the largest value; the first of equals. */
export const argmax = (values: ArrayLike<number>): number => {
  let best = 0
  for (let i = 1; i < values.length; i++) if (Number(values[i]) > Number(values[best])) best = i
  return best
}
