/** Which samples of a data set are used. The same seed chooses the same samples on every machine and in every version. */
import { type Random, seededRandom } from '../generation/random.ts'
import { invalid } from './dataset-error.ts'
import { ascending } from './order.ts'

export interface Split {
  /** Share of the samples in the held-out part, above 0 and below 1. */
  readonly share: number
  readonly part: 'held-out' | 'rest'
  readonly seed?: number | undefined
}

export interface Draw {
  readonly size: number
  readonly seed?: number | undefined
}

/** Puts the first `count` of a list into random order, each drawn from all that are left (Fisher and Yates, from the front). */
const shuffle = (list: number[], count: number, random: Random): void => {
  for (let at = 0; at < count; at += 1) {
    const from = at + Math.floor(random() * (list.length - at))
    const drawn = list[from] as number
    list[from] = list[at] as number
    list[at] = drawn
  }
}

/** The held-out part has the share of the samples, rounded; neither part is empty where there are two samples. */
const partOf = (total: number, { share, part, seed = 0 }: Split): number[] => {
  const indices = Array.from({ length: total }, (_, index) => index)
  const heldOut = Math.min(total - 1, Math.max(1, Math.round(share * total)))
  if (total < 2) throw invalid('the data set has one sample, which cannot be split; leave split out')
  shuffle(indices, heldOut, seededRandom(seed))
  return (part === 'held-out' ? indices.slice(0, heldOut) : indices.slice(heldOut)).sort(ascending)
}

/**
 * Whether the samples that an optimization is calibrated with are used alone, or all others are: none is in both parts. `own`: all calibrate,
 * since others judge.
 */
export type Calibration = 'only' | 'without' | 'own'

/** More samples change what a calibration finds no further, and each of them costs it a run of the model. */
const mostCalibrating = 512
/** Training gets better with more of them. Half of these judge; so many pictures of 224 pixels are 1.2 GiB of tensors. */
const mostLearning = 2048
/** One of so many neighbours may calibrate. */
const neighbours = 4

/**
 * Decided by the place in the data set alone: whatever is drawn later, a sample that has calibrated a version never judges it.
 */
const mayCalibrate = (index: number): boolean =>
  index % neighbours === Math.floor(seededRandom(Math.floor(index / neighbours))() * neighbours)

const calibrated = (indices: readonly number[], part: Calibration, most: number): readonly number[] => {
  const found =
    part === 'own' ? [...indices] : indices.filter((index) => mayCalibrate(index) === (part === 'only'))
  if (found.length === 0)
    throw invalid(
      `none of the ${indices.length} samples is left to ${part === 'only' ? 'calibrate' : 'judge'}; add samples`,
    )
  if (part === 'without' || found.length <= most) return found
  shuffle(found, most, seededRandom(0))
  return found.slice(0, most).sort(ascending)
}

const drawn = (total: number, split: Split | undefined, draw: Draw | undefined): readonly number[] => {
  const part = split === undefined ? Array.from({ length: total }, (_, index) => index) : partOf(total, split)
  if (draw === undefined || draw.size >= part.length) return part
  shuffle(part, draw.size, seededRandom(draw.seed ?? 0))
  return part.slice(0, draw.size).sort(ascending)
}

/**
 * Indices of the samples that are used, ascending. The split comes first, then the draw from its part, without replacement. Of
 * these, the quarter that may calibrate is kept, or all others; at most 512 calibrate, and 2048 where a student learns from them. A draw of more samples than there are takes all.
 * @throws DatasetError
 */
export const selected = (
  total: number,
  split: Split | undefined,
  draw: Draw | undefined,
  calibration?: Calibration,
  trains = false,
): readonly number[] => {
  const indices = drawn(total, split, draw)
  return calibration === undefined
    ? indices
    : calibrated(indices, calibration, trains ? mostLearning : mostCalibrating)
}
