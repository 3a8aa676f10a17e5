import type { Draws } from '../draws.ts'
import { control } from './control.ts'
import { elementwise } from './elementwise.ts'
import { layout } from './layout.ts'
import { lengths } from './lengths.ts'
import { picking } from './picking.ts'
import { pictures } from './pictures.ts'
import { products } from './products.ts'
import { sampled } from './sampled.ts'
import type { Step } from './step.ts'

const steps: readonly (readonly [weight: number, step: Step])[] = [
  ...elementwise,
  ...layout,
  ...lengths,
  ...products,
  ...picking,
  ...pictures,
  ...control,
  [5, sampled],
]
const total = steps.reduce((sum, [weight]) => sum + weight, 0)

export const anyStep = (draws: Draws): Step => {
  let left = draws.number() * total
  for (const [weight, step] of steps) {
    left -= weight
    if (left < 0) return step
  }
  return steps[0]?.[1] as Step
}
