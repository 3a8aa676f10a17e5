/** The last step of KernelSHAP: the linear model of which features are kept that explains the answers best, and adds up. */

/** Sums of the weighted least squares, filled coalition by coalition. */
export interface WeightedRegression {
  /** @param kept positions of the features @param value of the coalition above that of none */
  readonly add: (kept: Uint16Array, weight: number, value: number) => void
  /** @returns the value of each feature, whose sum is `whole`; undefined where the coalitions do not determine them */
  readonly solve: () => Float64Array | undefined
}

/** A pivot that is so much smaller than the diagonal says nothing but rounding. */
const leastPivot = 1e-10

/** Cholesky's decomposition, in place. @param matrix symmetric [size, size], of which the lower half is read @returns whether it is positive definite */
const decompose = (matrix: Float64Array, size: number): boolean => {
  const at = (row: number, column: number): number => matrix[row * size + column] as number
  for (let column = 0; column < size; column++) {
    const diagonal = at(column, column)
    let pivot = diagonal
    for (let k = 0; k < column; k++) pivot -= at(column, k) ** 2
    if (!(pivot > leastPivot * diagonal)) return false
    const root = Math.sqrt(pivot)
    matrix[column * size + column] = root
    for (let row = column + 1; row < size; row++) {
      let sum = at(row, column)
      for (let k = 0; k < column; k++) sum -= at(row, k) * at(column, k)
      matrix[row * size + column] = sum / root
    }
  }
  return true
}

/** @param lower Cholesky's factor @param right side, which becomes the solution */
const substitute = (lower: Float64Array, right: Float64Array): void => {
  const size = right.length
  const at = (row: number, column: number): number => lower[row * size + column] as number
  for (let row = 0; row < size; row++) {
    let sum = right[row] as number
    for (let k = 0; k < row; k++) sum -= at(row, k) * (right[k] as number)
    right[row] = sum / at(row, row)
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = right[row] as number
    for (let k = row + 1; k < size; k++) sum -= at(k, row) * (right[k] as number)
    right[row] = sum / at(row, row)
  }
}

/**
 * The constraint takes the last feature out: its value is what the others leave of `whole`. Coalition z then is the row
 * z_i - z_last, and its value loses whole * z_last.
 * @param features two or more @param whole value of all features together, above that of none
 */
export const weightedRegression = (features: number, whole: number): WeightedRegression => {
  const size = features - 1
  const matrix = new Float64Array(size * size)
  const right = new Float64Array(size)

  /** All entries of a row are `sign` at these places, and 0 elsewhere. */
  const addRow = (places: readonly number[] | Uint16Array, weight: number, weightedValue: number): void => {
    for (const row of places) {
      right[row] = (right[row] as number) + weightedValue
      for (const column of places) {
        if (column > row) break
        matrix[row * size + column] = (matrix[row * size + column] as number) + weight
      }
    }
  }

  const absent = (kept: Uint16Array): readonly number[] => {
    const places: number[] = []
    let next = 0
    for (let place = 0; place < size; place++) {
      if (kept[next] === place) next += 1
      else places.push(place)
    }
    return places
  }

  return {
    add: (kept, weight, value) => {
      const hasLast = kept.at(-1) === size
      if (hasLast) addRow(absent(kept), weight, -weight * (value - whole))
      else addRow(kept, weight, weight * value)
    },
    solve: () => {
      if (!decompose(matrix, size)) return undefined
      substitute(matrix, right)
      const last = right.reduce((rest, value) => rest - value, whole)
      return Float64Array.of(...right, last)
    },
  }
}
