/** Quantities of Kubernetes: "500m", "1.5Gi", 2, "1e3". */

const factors: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1 },
  ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
}
const pattern = /^([+-]?\d*\.?\d+|[+-]?\d+\.)(?:[eE]([+-]?\d+))?(n|u|m|k|[MGTPE]|[KMGTPE]i)?$/

/** The value in base units (cores, bytes, pieces); undefined for a text that is no quantity. */
export const parseQuantity = (quantity: unknown): number | undefined => {
  if (typeof quantity === 'number') return quantity
  const match = typeof quantity === 'string' ? pattern.exec(quantity) : null
  if (!match) return undefined
  const [, digits, exponent = '0', unit = ''] = match
  return Number(digits) * 10 ** Number(exponent) * (factors[unit] ?? 1)
}

/** Whether both say the same amount, however they are written. */
export const isSameQuantity = (a: unknown, b: unknown): boolean => {
  const [left, right] = [parseQuantity(a), parseQuantity(b)]
  if (left === undefined || right === undefined) return false
  const tolerance = 1e-12 * Math.max(Math.abs(left), Math.abs(right)) // 0.1 has no exact binary form
  return Math.abs(left - right) <= tolerance
}

const mebibyte = 2 ** 20

/** Bytes as a quantity in Mi, rounded up. */
export const mebibytes = (bytes: number): string => `${Math.ceil(bytes / mebibyte)}Mi`
