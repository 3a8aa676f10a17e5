/** Model folders, built on first use by build.py. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../local-cluster/machine/command.ts'
import { cached, digestOf, exists, pythonWith } from '../python.ts'
import { type ModelName, tokens } from './rows.ts'

const here = import.meta.dirname
const sources = [
  'build',
  'classifier',
  'convolution',
  'decoder',
  'detector',
  'encoder',
  'graph',
  'resnet',
  'tiny',
].map((name) => join(here, `${name}.py`))
const requirements = join(here, 'requirements.txt')

/** @returns folder with model.onnx @throws CommandError where it cannot be built */
export const modelFolder = async (name: ModelName | 'decoder'): Promise<string> => {
  const all = cached('bench-models', digestOf(requirements, ...sources))
  if (!(await exists(join(all, name, 'model.onnx')))) {
    const bin = await pythonWith(requirements, cached('bench-models', 'python'))
    console.log(`building ${name}`)
    const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', PYTHONDONTWRITEBYTECODE: '1' }
    await run(join(bin, 'python'), [join(here, 'build.py'), all, name], { env })
  }
  return join(all, name)
}

/** Every word is one token of the tokenizer that `withTokenizer` adds; [CLS] and [SEP] make the rest. */
export const text = new Array<string>(tokens - 2).fill('year').join(' ')

/** Makes the model one that takes texts, with the tokenizer of a reference model: its ids are below those of the vocabulary. */
export const withTokenizer = async (folder: string): Promise<string> => {
  const reference = join(here, '../../inference-server/golden/models/feature-extraction')
  await cp(join(reference, 'tokenizer.json'), join(folder, 'tokenizer.json'))
  const settings = JSON.parse(await readFile(join(reference, 'tokenizer_config.json'), 'utf8')) as object
  await writeFile(
    join(folder, 'tokenizer_config.json'),
    JSON.stringify({ ...settings, model_max_length: 512 }),
  )
  const config = { architectures: ['BertModel'], model_type: 'bert', max_position_embeddings: 512 }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  return folder
}
