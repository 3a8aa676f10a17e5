/**
 * Every recipe of the optimizer on every model, beside the same steps by hand. A row that was measured is kept: a run that was stopped goes
 * on where it ended, and rows that were measured on a busy machine are measured again on a quiet one. Writes docs/optimizer-recipes.md.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../local-cluster/machine/command.ts'
import type { Effort } from '../options.ts'
import { cached, exists, pythonWith } from '../python.ts'
import type { Table } from '../report.ts'

/** Names of models and recipes, as optimizer/bench/subjects.py and recipes.py have them. */
export const models: readonly string[] = [
  ...['customer-service', 'chest-xray', 'breast-cancer'],
  ...['feature-extraction', 'text-classification-roberta', 'question-answering', 'image-classification'],
  ...['digits-32', 'digits-128', 'digits-deep', 'digits-cnn', 'minilm', 'resnet-50', 'bert-base'],
  ...['graph', 'l1', 'structured', 'int8-dynamic', 'int8-static', 'int4', 'fp16'],
  ...['graph+int8', 'structured+int8'],
]

/** Models with labelled samples: what the server turns into tensors. */
const shipped = {
  'customer-service': { task: 'text-classification', dataset: 'data/handwritten.jsonl' },
  'breast-cancer': { task: 'tensor', dataset: 'data/heldout.jsonl' },
} as const

const root = join(import.meta.dirname, '../..')
const requirements = join(import.meta.dirname, 'requirements.txt')
const server = join(root, 'inference-server/src/main.ts')

const writeSamples = async (work: string): Promise<void> => {
  for (const [name, { task, dataset }] of Object.entries(shipped)) {
    const output = join(work, `${name}.safetensors`)
    if (await exists(output)) continue
    const example = join(root, 'examples', name)
    await run(process.execPath, [
      ...['--disable-warning=ExperimentalWarning', server, 'samples', '--model', join(example, 'model')],
      ...['--task', task, '--dataset', join(example, dataset), '--output', output],
    ])
  }
}

export const measure = async ({ models: wanted }: Effort): Promise<Table> => {
  const bin = await pythonWith(requirements, cached('bench-recipes', 'python'))
  const work = cached('bench-recipes', 'rows')
  await mkdir(work, { recursive: true })
  await writeSamples(work)
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', PYTHONDONTWRITEBYTECODE: '1' }
  const args = ['-m', 'bench.recipes', '--work', work, ...wanted]
  const { status } = spawnSync(join(bin, 'python'), args, {
    cwd: join(root, 'optimizer'),
    env,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`the measurement of recipes ended with ${status ?? 'a signal'}`)
  const rows = (await readdir(work)).filter((name) => name.endsWith('.json')).length
  return { head: ['rows', 'kept in', 'written to'], lines: [[`${rows}`, work, 'docs/optimizer-recipes.md']] }
}
