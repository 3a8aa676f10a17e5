/**
 * Which features of a row are kept, the others coming from a background: the coalitions of KernelSHAP (Lundberg and Lee, 2017),
 * chosen and weighted as the package `shap` does. Sizes of coalitions are taken whole from the outside in, those of 1 feature with those
 * of all but 1, as long as there are enough samples; the sizes that are left are drawn, each coalition with its complement.
 */
import type { Random } from '../generation/random.ts'

export interface Coalitions {
  /** Positions of the features that each keeps, ascending. */
  readonly kept: readonly Uint16Array[]
  /** Weight of each in the regression; they add up to 1. */
  readonly weights: readonly number[]
  /** Whether they are all that there are, so that the values are exact. */
  readonly exact: boolean
}

/** Binomial coefficient n over k; exact up to 2^53. */
const binomial = (n: number, k: number): number => {
  let value = 1
  for (let index = 1; index <= k; index++) value = (value * (n - k + index)) / index
  return Math.round(value)
}

/** Number of coalitions beside the empty and the whole one. */
export const allCoalitions = (features: number): number => 2 ** features - 2

/** Samples that are taken unless the request says how many. */
export const usualSamples = (features: number): number => 2 * features + 2048

/** All ascending choices of `size` of `features`. */
function* choices(features: number, size: number): Generator<Uint16Array> {
  const chosen = Uint16Array.from({ length: size }, (_, index) => index)
  for (;;) {
    yield chosen.slice()
    let place = size - 1
    while (place >= 0 && chosen[place] === features - size + place) place -= 1
    if (place < 0) return
    chosen[place] = Number(chosen[place]) + 1
    for (let next = place + 1; next < size; next++) chosen[next] = Number(chosen[next - 1]) + 1
  }
}

const complementOf = (kept: Uint16Array, features: number): Uint16Array => {
  const others = new Uint16Array(features - kept.length)
  let next = 0
  let count = 0
  for (let feature = 0; feature < features; feature++) {
    if (kept[next] === feature) next += 1
    else others[count++] = feature
  }
  return others
}

/** Size s and M - s together have one weight, which is half as much in the middle, where both are one size. */
interface Size {
  readonly size: number
  readonly isPaired: boolean
  /** Coalitions of the size, and of its complements. */
  readonly count: number
  /** Share of all weights. */
  readonly share: number
}

const sizesOf = (features: number): readonly Size[] => {
  const sizes = Array.from({ length: Math.ceil((features - 1) / 2) }, (_, index) => {
    const size = index + 1
    const isPaired = size <= Math.floor((features - 1) / 2)
    const times = isPaired ? 2 : 1
    return {
      size,
      isPaired,
      count: binomial(features, size) * times,
      share: ((features - 1) / (size * (features - size))) * times,
    }
  })
  const all = sizes.reduce((sum, { share }) => sum + share, 0)
  return sizes.map((one) => ({ ...one, share: one.share / all }))
}

/** Rounding must not keep out a size for which there are just enough samples. */
const tolerance = 1e-8

/** How many sizes are taken whole. */
const wholeSizes = (sizes: readonly Size[], samples: number): number => {
  let left = samples
  let shareLeft = 1
  for (const [index, { count, share }] of sizes.entries()) {
    if ((left * share) / shareLeft / count < 1 - tolerance) return index
    left -= count
    shareLeft -= share
  }
  return sizes.length
}

/** Coalitions that were chosen, each once. */
const createChosen = (features: number) => {
  const kept: Uint16Array[] = []
  const weights: number[] = []
  const places = new Map<string, number>()
  const add = (one: Uint16Array, weight: number): boolean => {
    const key = String.fromCharCode(...one)
    const place = places.get(key)
    if (place === undefined) {
      places.set(key, kept.length)
      kept.push(one)
      weights.push(weight)
      return true
    }
    weights[place] = Number(weights[place]) + weight
    return false
  }
  return { kept, weights, add, complement: (one: Uint16Array) => complementOf(one, features) }
}
type Chosen = ReturnType<typeof createChosen>

function* addWhole(
  { add, complement }: Chosen,
  features: number,
  sizes: readonly Size[],
): Generator<undefined, void> {
  for (const { size, isPaired, count, share } of sizes)
    for (const one of choices(features, size)) {
      add(one, share / count)
      if (isPaired) add(complement(one), share / count)
      yield
    }
}

/** The first `size` features of a shuffled list, ascending (Fisher and Yates). */
const drawn = (order: Uint16Array, size: number, random: Random): Uint16Array => {
  for (let place = 0; place < size; place++) {
    const other = place + Math.floor(random() * (order.length - place))
    const held = Number(order[place])
    order[place] = Number(order[other])
    order[other] = held
  }
  return order.slice(0, size).sort()
}

/** So many draws for each sample that is left: the others met a coalition that was there. */
const drawsPerSample = 4

function* addDrawn(
  chosen: Chosen,
  features: number,
  sizes: readonly Size[],
  samples: number,
  random: Random,
): Generator<undefined, void> {
  const from = chosen.kept.length
  // A draw brings the complement too, so paired sizes are drawn half as often as they weigh.
  const shares = sizes.map(({ share, isPaired }) => (isPaired ? share / 2 : share))
  const all = shares.reduce((sum, share) => sum + share, 0)
  const order = Uint16Array.from({ length: features }, (_, feature) => feature)
  const sizeDrawn = (): Size => {
    let point = random() * all
    const found = shares.findIndex((share) => {
      point -= share
      return point < 0
    })
    return (sizes[found] ?? sizes.at(-1)) as Size
  }
  let draws = drawsPerSample * (samples - from)
  for (; draws > 0 && chosen.kept.length < samples; draws--) {
    const { size, isPaired } = sizeDrawn()
    const one = drawn(order, size, random)
    chosen.add(one, 1)
    if (isPaired && chosen.kept.length < samples) chosen.add(chosen.complement(one), 1)
    yield
  }
  const { weights } = chosen
  const sum = weights.slice(from).reduce((total, weight) => total + weight, 0)
  const share = sizes.reduce((total, one) => total + one.share, 0)
  for (let index = from; index < weights.length; index++)
    weights[index] = (Number(weights[index]) * share) / sum
}

/**
 * Chooses them in steps, since thousands take a while.
 * @param features with less than two there is none @param samples coalitions, about; as many as there are at most
 * @param random draws what is not taken whole
 */
export function* coalitionsOf(
  features: number,
  samples: number,
  random: Random,
): Generator<undefined, Coalitions> {
  if (features < 2) return { kept: [], weights: [], exact: true }
  const sizes = sizesOf(features)
  const most = Math.min(samples, allCoalitions(features))
  const whole = wholeSizes(sizes, most)
  const chosen = createChosen(features)
  yield* addWhole(chosen, features, sizes.slice(0, whole))
  if (whole < sizes.length && chosen.kept.length < most)
    yield* addDrawn(chosen, features, sizes.slice(whole), most, random)
  return { kept: chosen.kept, weights: chosen.weights, exact: whole === sizes.length }
}
