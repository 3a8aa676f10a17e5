/** Every fuzzer, by what it tries. */
import type { Target } from '../target.ts'
import { archives } from './archive.ts'
import { datasets } from './dataset.ts'
import { modelFolders } from './folder.ts'
import { graphs } from './graph.ts'
import { grpc } from './grpc.ts'
import { http } from './http.ts'
import { pictures } from './picture.ts'
import { resources } from './resource.ts'
import { settings } from './settings.ts'

export const targets: readonly Target[] = [
  ...[archives, datasets, graphs, modelFolders, settings],
  ...[http, grpc, pictures],
  resources,
]
