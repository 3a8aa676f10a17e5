/** Every fuzzer, by what it tries. */
import type { Target } from '../target.ts'
import { archives } from './archive.ts'
import { modelFolders } from './folder.ts'
import { graphs } from './graph.ts'
import { resources } from './resource.ts'
import { settings } from './settings.ts'

export const targets: readonly Target[] = [archives, modelFolders, graphs, resources, settings]
