/**
 * The exact test of McNemar: of the samples that only one of two candidates gets right, either is right as often as the other where there
 * is no difference.
 * @param onlyOne samples that only the one gets right
 * @param onlyOther samples that only the other gets right
 * @returns the chance of counts at least as unequal: twice the binomial tail with probability 1/2, at most 1
 */
export const mcnemar = (onlyOne: number, onlyOther: number): number => {
  const total = onlyOne + onlyOther
  const least = Math.min(onlyOne, onlyOther)
  return Math.min(1, 2 * term(total, least) * tailFactor(total, least))
}

/**
 * C(n, k) / 2^n. Factors and halves are multiplied in an order that keeps the product near 1, so that it neither overflows nor loses
 * digits, for any n.
 */
const term = (n: number, k: number): number => {
  let product = 1
  let halves = n
  for (let at = 1; at <= k; at += 1) {
    product *= (n - k + at) / at
    while (product > 1 && halves > 0) {
      product /= 2
      halves -= 1
    }
  }
  return product * 2 ** -halves
}

/** The sum of C(n, i) for i up to k, over C(n, k). Terms fall faster and faster, and end where they change nothing. */
const tailFactor = (n: number, k: number): number => {
  let ratio = 1
  let sum = 1
  for (let at = k; at > 0; at -= 1) {
    ratio *= at / (n - at + 1)
    if (sum + ratio === sum) break
    sum += ratio
  }
  return sum
}
