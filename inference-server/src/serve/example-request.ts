/** A request that a person can paste into another terminal, for the model that is served. */
import type { Served } from '../inference/served.ts'
import type { TensorSpec } from '../tensors/tensor.ts'

/** More numbers than this are no line to paste. */
const mostValues = 64

const texts: Readonly<Record<string, unknown>> = {
  text: 'A text of your own.',
  question: 'Where does Ada live?',
  context: 'Ada lives in Berlin.',
  candidate_labels: ['sport', 'politics', 'science'],
}

const json = (url: string, body: unknown): string =>
  `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`

const inputOf = ({ name, datatype, shape }: TensorSpec) => {
  const lengths = shape.map((length) => (length < 0 ? 1 : length))
  const count = lengths.reduce((product, length) => product * length, 1)
  const value = datatype === 'BYTES' ? 'a' : datatype === 'BOOL' ? false : 0
  return {
    count,
    input: { name, shape: lengths, datatype, data: Array(Math.min(count, mostValues)).fill(value) },
  }
}

const tensorRequest = ({ model }: Served, url: string): string => {
  const made = model.inputs.map(inputOf)
  const count = made.reduce((sum, each) => sum + each.count, 0)
  const address = `${url}/v2/models/${model.name}`
  const isShort = count <= mostValues && made.every(({ input }) => !input.name.includes("'"))
  return isShort ? json(`${address}/infer`, { inputs: made.map(({ input }) => input) }) : `curl -s ${address}`
}

/** @param url of the server, without a path */
export const exampleRequest = (served: Served, url: string): string => {
  const { task, model } = served
  if (!task) return tensorRequest(served, url)
  const names = [...task.fields, ...task.lists]
  // The word that stands for the mask is another one in each model.
  if (model.task === 'fill-mask' || names.some((name) => name !== 'image' && texts[name] === undefined))
    return `curl -s ${url}/v2/models/${model.name}`
  if (!names.includes('image'))
    return json(`${url}/predict`, Object.fromEntries(names.map((name) => [name, texts[name]])))
  return names.length === 1
    ? `curl -s ${url}/predict -H 'content-type: image/png' --data-binary @PICTURE.png`
    : `curl -s ${url}/v2/models/${model.name}`
}
