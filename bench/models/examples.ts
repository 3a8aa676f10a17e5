/** The models of the examples, each with a sample as its users ask for a prediction. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonRequest, type Request } from '../load/request.ts'

const examples = join(import.meta.dirname, '../../examples')

export const exampleModels = ['breast-cancer', 'customer-service', 'chest-xray'] as const
export type ExampleModel = (typeof exampleModels)[number]

export interface Example {
  /** Absolute folder of the model. */
  readonly folder: string
  readonly task: string
  /** Members of a request for a prediction, and of one for an explanation. */
  readonly body: Readonly<Record<string, unknown>>
  /** Of a request for a prediction. */
  readonly path: string
  /** Of a request for an explanation. */
  readonly explainPath: string
}

const row = async (): Promise<readonly number[]> => {
  const golden = JSON.parse(await readFile(join(examples, 'breast-cancer/golden.json'), 'utf8')) as {
    readonly cases: readonly { readonly input: readonly number[] }[]
  }
  return golden.cases[0]?.input ?? []
}

const ofTask = { path: '/predict', explainPath: '/explain' }

const known: Readonly<Record<ExampleModel, () => Promise<Omit<Example, 'folder'>>>> = {
  'breast-cancer': async () => ({
    task: 'tensor',
    body: { inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 30], data: await row() }] },
    ...{ path: '/v2/models/model/infer', explainPath: '/v2/models/model/explain' },
  }),
  'customer-service': async () => ({
    task: 'text-classification',
    body: { text: '上周买的衣服大了一号,想换个小点的,运费谁出?另外发票也一起开一下,谢谢。' },
    ...ofTask,
  }),
  'chest-xray': async () => ({
    task: 'image-classification',
    body: { image: await readFile(join(examples, 'chest-xray/samples/cancer.png'), 'base64') },
    ...ofTask,
  }),
}

export const example = async (model: ExampleModel): Promise<Example> => ({
  folder: join(examples, model, 'model'),
  ...(await known[model]()),
})

export const predictionOf = ({ path, body }: Example): Request => jsonRequest(path, body)
