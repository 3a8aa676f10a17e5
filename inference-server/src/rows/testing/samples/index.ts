import { attentionSamples } from './attention.ts'
import { elementwiseSamples } from './elementwise.ts'
import { learningSamples } from './learning.ts'
import { normalizingSamples } from './normalizing.ts'
import { pickingSamples } from './picking.ts'
import { pictureSamples } from './pictures.ts'
import { positionSamples } from './positions.ts'
import { productSamples } from './products.ts'
import { quantizingSamples } from './quantizing.ts'
import { recurrentSamples } from './recurrent.ts'
import type { Sample } from './sample.ts'

export const samples: readonly Sample[] = [
  ...elementwiseSamples,
  ...productSamples,
  ...normalizingSamples,
  ...pickingSamples,
  ...pictureSamples,
  ...quantizingSamples,
  ...recurrentSamples,
  ...learningSamples,
  ...attentionSamples,
  ...positionSamples,
]
