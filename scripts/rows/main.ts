/**
 * Proves every model in a folder that bench/exporters has filled, and writes docs/rows.md.
 * Continuous integration does not run this: the models come from torch and its companions, several gigabytes of them.
 *
 *     node scripts/rows/main.ts FOLDER
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { page } from './page.ts'
import { exportedModels, failures, proofTimes } from './zoo.ts'

const root = process.argv[2]
if (root === undefined)
  throw new Error('usage: node scripts/rows/main.ts FOLDER, as bench/exporters/build.py fills it')

const models = exportedModels(root)
const large = models.filter(({ nodes, variant }) => nodes >= 500 && variant === 'float32')
const path = join(import.meta.dirname, '../../docs/rows.md')
writeFileSync(path, page(models, failures(root), proofTimes(root, large)))
console.log(`${models.length} models in ${path}`)
