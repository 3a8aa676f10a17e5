import { type Polynomial, perRow } from './polynomial.ts'
import { type Place, type TensorState, unknownState } from './tensor-state.ts'

/** The invariants of the states, checked at one place. An empty tensor has rules of its own and is not followed. */
const brokenInvariant = ({ lengths, axis }: TensorState): string | undefined => {
  if (!lengths) return axis === undefined ? undefined : 'has no known rank'
  const isEmpty = lengths.some(({ constant }) => constant === 0)
  if (isEmpty && axis !== undefined) return 'makes an axis of length 0'
  if (lengths.some((length: Polynomial, index) => length.hasRows && index !== axis))
    return 'the number of rows appears outside the row axis'
  const rowLength = axis === undefined ? undefined : lengths[axis]
  return axis !== undefined && (!rowLength || !perRow(rowLength)) ? 'has no row axis' : undefined
}

/** The state of an output, unknown where its rule broke a promise. */
export const checked = (state: TensorState, place: Place, scale: Place | undefined): TensorState => {
  if (state.kind === 'unknown') return { ...state, place: state.place ?? place, scale: state.scale ?? scale }
  const broken = brokenInvariant(state)
  if (broken) return unknownState(broken, place)
  const isEmpty = !state.values && state.lengths?.some(({ constant }) => constant === 0)
  return { ...state, lengths: isEmpty ? undefined : state.lengths, scale: state.scale ?? scale }
}
