/**
 * Which parts of a picture speak for a class: its score for the picture, less its score with a patch hidden (Zeiler and Fergus,
 * 2014), as numbers and as colours over the picture.
 */
import { Failure } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import type { Caller } from '../requests/caller.ts'
import { parameterReader } from '../tasks/parameters.ts'
import { drawOver } from '../tasks/picture/overlay.ts'
import type { PictureView } from '../tasks/picture/picture-input.ts'
import type { LoadedTask, Prepared } from '../tasks/task.ts'
import { readImage } from '../tasks/text/texts.ts'
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { itemBody, readForm, readItem } from './asked.ts'
import type { Evaluations } from './evaluations.ts'
import type { AskedItem, Brought, Explaining } from './explaining.ts'
import { heatOf } from './heat.ts'
import {
  blurred,
  type Filling,
  type Grid,
  gridOf,
  hidden,
  type Patch,
  patchCount,
  patchesOf,
} from './patches.ts'
import { type Scores, scoreOf, scoresOf, targetOf } from './scores.ts'

const pictureOptions = ['target', 'patch', 'stride', 'fill'] as const
const fillings = ['grey', 'blur'] as const

/** Most patches: a grid of 32 x 32. */
const mostPatches = 1024
/** Patches along the shorter edge unless the request says how large they are. */
const usualPatches = 8
/** How many patches may lie on a pixel in each direction. */
const mostOverlap = 4

interface Asked {
  readonly bytes: Uint8Array
  readonly item: AskedItem
  /** Edges in pixels of the model's input; undefined: the usual. */
  readonly patch: number | undefined
  readonly stride: number | undefined
  readonly fill: (typeof fillings)[number]
}

/** Longest edge of a patch that is looked at at all; the picture says more. */
const mostEdge = 65_535

const askedOf = (brought: Brought, task: LoadedTask, model: Served['model']): Asked => {
  const item =
    brought.kind === 'form'
      ? readForm(brought.fields, brought.file, task, pictureOptions)
      : readItem(itemBody(brought, { model, task }), task, pictureOptions)
  const { members, pathOf } = item
  const { whole, choice } = parameterReader(members, pathOf)
  return {
    bytes: readImage(members['image'], pathOf('image')),
    item,
    patch: whole('patch', { from: 1, to: mostEdge }, undefined),
    stride: whole('stride', { from: 1, to: mostEdge }, undefined),
    fill: choice('fill', fillings, 'grey'),
  }
}

interface Cut {
  readonly patch: number
  readonly stride: number
}

/** @throws Failure where patches or strides do not fit the picture as the model reads it */
const cutOf = (grid: Grid, { patch: wanted, stride: wantedStride, item: { pathOf } }: Asked): Cut => {
  const shorter = Math.min(grid.width, grid.height)
  const patch = wanted ?? Math.max(1, Math.round(shorter / usualPatches))
  const refused = (name: string, kind: 'invalid' | 'too-large', sentence: string): Failure =>
    new Failure(kind, `${pathOf(name)} ${sentence}`, { field: pathOf(name) })
  if (patch > shorter)
    throw refused(
      'patch',
      'invalid',
      `is ${patch}, but the model reads ${grid.width} x ${grid.height} pixels`,
    )
  const stride = wantedStride ?? patch
  const least = Math.ceil(patch / mostOverlap)
  if (stride > patch || stride < least)
    throw refused(
      'stride',
      'invalid',
      `has to be a whole number from ${least} to ${patch}, the edge of a patch`,
    )
  const count = patchCount(grid, patch, stride)
  if (count <= mostPatches) return { patch, stride }
  throw refused(
    wantedStride === undefined ? 'patch' : 'stride',
    'too-large',
    `makes ${count} patches, but at most ${mostPatches} are hidden; take a larger one`,
  )
}

const fillingOf = async (
  { tensor, grid, view }: Shown,
  fill: Asked['fill'],
  patch: number,
  { work }: Evaluations,
): Promise<Filling> =>
  fill === 'grey'
    ? { kind: 'grey', grey: view.grey }
    : { kind: 'blur', blurred: await work(blurred(tensor, grid, patch)) }

/** A picture as the model reads it. */
interface Shown {
  readonly prepared: Prepared
  readonly view: PictureView
  readonly name: string
  readonly tensor: Tensor
  readonly grid: Grid
}

const shownOf = async (task: LoadedTask, { members, pathOf }: AskedItem): Promise<Shown> => {
  const prepared = await task.read(members, pathOf)()
  const [first] = prepared.rows[0] ?? []
  const { view } = prepared
  if (!first || !view) throw new Error('a picture that is explained has a row and says where it comes from')
  const [name, tensor] = first
  return { prepared, view, name, tensor, grid: gridOf(tensor, view.layout) }
}

/** @returns asks for the scores of pictures that are made of the one that was shown */
const scoresFor =
  ({ predictor }: Served, { prepared, name }: Shown) =>
  async (pictures: readonly (() => Tensor)[], caller: Caller): Promise<readonly Scores[]> => {
    const items = pictures.map((make) => (): Prepared => {
      const row: NamedTensors = new Map([[name, make()]])
      return { rows: [row], postprocess: prepared.postprocess }
    })
    return (await predictor.items(items, caller)).map(scoresOf)
  }

/** Place of a patch in the pixels of the picture as it came. */
const placeIn = ({ seen }: PictureView, grid: Grid, { x, y, width, height }: Patch) => {
  const [across, down] = [seen.width / grid.width, seen.height / grid.height]
  return {
    x: Math.round(seen.left + x * across),
    y: Math.round(seen.top + y * down),
    width: Math.round(width * across),
    height: Math.round(height * down),
  }
}

const copyOf = (tensor: Tensor): Tensor => ({
  ...tensor,
  data: (tensor.data as Float32Array<ArrayBuffer>).slice(),
})

/** The scores of the whole picture, and weights of its patches. */
const weigh = async (
  ask: ReturnType<typeof scoresFor>,
  evaluations: Evaluations,
  { tensor, grid }: Shown,
  {
    patches,
    filling,
    targetIn,
  }: {
    readonly patches: readonly Patch[]
    readonly filling: Filling
    readonly targetIn: (scores: Scores) => string
  },
) => {
  let whole: Scores = new Map()
  await evaluations.run(1, async (_from, _to, caller) => {
    whole = (await ask([() => copyOf(tensor)], caller))[0] as Scores
    return 1
  })
  const target = targetIn(whole)
  const score = scoreOf(whole, target)
  const weights = new Float64Array(patches.length)
  await evaluations.run(patches.length, async (from, to, caller) => {
    const some = patches.slice(from, to).map((patch) => () => hidden(tensor, grid, patch, filling))
    for (const [index, scores] of (await ask(some, caller)).entries())
      weights[from + index] = score - scoreOf(scores, target)
    return to - from
  })
  return { target, score, weights }
}

/** @throws Failure naming the member that is wrong */
export const pictureExplaining = (served: Served, task: LoadedTask, brought: Brought): Explaining => {
  const asked = askedOf(brought, task, served.model)
  const { item, bytes, fill } = asked
  return {
    item,
    explain: async (evaluations) => {
      const shown = await shownOf(task, { ...item, members: { ...item.members, image: bytes } })
      const { grid, view } = shown
      const cut = cutOf(grid, asked)
      const patches = patchesOf(grid, cut.patch, cut.stride)
      evaluations.allow(patches.length + 1, item.pathOf('patch'), 'take larger patches')
      const filling = await fillingOf(shown, fill, cut.patch, evaluations)
      const targetIn = (scores: Scores): string =>
        targetOf(scores, item.members['target'], item.pathOf('target'))
      const { target, score, weights } = await weigh(scoresFor(served, shown), evaluations, shown, {
        patches,
        filling,
        targetIn,
      })
      const cells = patches.map((patch, index) => ({ ...placeIn(view, grid, patch), weight: weights[index] }))
      const colours = await evaluations.work(heatOf(grid, patches, weights))
      return {
        members: { method: 'occlusion', fill, ...cut, target, score, cells },
        picture: await drawOver(bytes, view.picture, view.seen, colours),
      }
    },
  }
}
