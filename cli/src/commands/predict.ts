import { extname } from 'node:path'
import { plainText } from '@gantry/contract/plain-text.ts'
import { isObject } from '@gantry/kube/json-object.ts'
import { findModel } from '../cluster/find.ts'
import { readyPod } from '../cluster/pods.ts'
import type { Model } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import type { Command, Given, Invocation } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/parse.ts'
import { exitCodes, failed, wrongUsage } from '../failure.ts'
import { readGiven } from '../given-files.ts'
import { authorityOf, hostOf, isSecure, needsKey, portOfPods } from '../models/address.ts'
import type { Question, Reply, Trust } from '../models/ask.ts'
import { sampleOption } from '../models/next-steps.ts'
import { jsonText } from '../terminal/documents.ts'

/** Environment variable with an API key; an option would show it in the list of processes. */
const keyVariable = 'GANTRY_API_KEY'
const usualSeconds = 60
const mostSeconds = 3_600

type Content = Pick<Question, 'path' | 'contentType' | 'body'>

const pictureTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
}

const json = (path: string, value: unknown): Content => ({
  path,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(value)),
})

/** Tensors go to the Open Inference Protocol, everything else to /predict. */
const pathOf = (model: Model, value: unknown): string => {
  const isTensors = isObject(value) && Array.isArray(value['inputs']) && isObject(value['inputs'][0])
  return isTensors || model.spec.model.task === 'tensor'
    ? `/v2/models/${encodeURIComponent(model.metadata.name)}/infer`
    : '/predict'
}

const jsonContent = async (invocation: Invocation, model: Model, given: string): Promise<Content> => {
  const isInline = /^\s*[[{"]/.test(given)
  const text =
    given === '-' ? await invocation.readInput() : isInline ? given : (await readGiven(given)).toString()
  try {
    const value: unknown = JSON.parse(text)
    return { path: pathOf(model, value), contentType: 'application/json', body: Buffer.from(text) } // numbers keep their digits
  } catch (error) {
    throw wrongUsage(`--json is no JSON: ${(error as Error).message}.`)
  }
}

const contentOf = async (invocation: Invocation, model: Model): Promise<Content> => {
  const { given } = invocation
  const texts = given.texts('text')
  const image = given.text('image')
  const document = given.text('json')
  const { task } = model.spec.model
  const kinds = [texts.length > 0, image !== undefined, document !== undefined].filter(Boolean)
  if (kinds.length !== 1)
    throw wrongUsage(
      `Give one of --text, --image and --json: ${model.metadata.name} has task ${task}, so ${sampleOption(task)}.`,
    )
  if (document !== undefined) return jsonContent(invocation, model, document)
  if (task === 'tensor') throw wrongUsage(`${model.metadata.name} takes tensors: ${sampleOption(task)}.`)
  if (image === undefined)
    return json('/predict', texts.length === 1 ? { text: texts[0] } : { instances: texts })
  const contentType = pictureTypes[extname(image).toLowerCase()] ?? 'application/octet-stream'
  return { path: '/predict', contentType, body: await readGiven(image) }
}

const apiKeyOf = async (given: Given, env: NodeJS.ProcessEnv): Promise<string | undefined> => {
  const file = given.text('api-key-file')
  const key = file === undefined ? env[keyVariable] : (await readGiven(file)).toString()
  return key?.trim() || undefined
}

const trustOf = async (session: Session, model: Model, given: Given): Promise<Trust | undefined> => {
  if (!isSecure(model)) return undefined
  const isChecked = !given.flag('insecure-skip-tls-verify')
  const file = given.text('ca-file')
  const authority =
    file === undefined ? await authorityOf(session, model) : (await readGiven(file)).toString()
  return { host: hostOf(model), authority, isChecked }
}

const adviceFor = (model: Model, { code }: Reply): string | undefined => {
  if (code === 401) return `Give a key with --api-key-file, or in ${keyVariable}.`
  if (code === 404 || code === 422 || code === 400)
    return `${model.metadata.name} has task ${model.spec.model.task}: ${sampleOption(model.spec.model.task)}.`
  return code === 429 || code === 503 ? 'Try again in a while.' : undefined
}

const answerOf = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

const told = (answer: unknown): string =>
  isObject(answer) && typeof answer['error'] === 'string' ? answer['error'] : JSON.stringify(answer)

export const predict: Command = {
  name: 'predict',
  summary: 'asks a model, through a port-forward to one of its pods',
  about:
    'Prints the answer of the model as JSON. The rights to get and create pods/portforward are needed, and no route to the pods.',
  arguments: [{ name: 'NAME', required: true, about: 'a model', completes: 'models' }],
  options: {
    text: { type: 'string', multiple: true, value: 'TEXT', about: 'a text; several times for several texts' },
    image: { type: 'string', value: 'FILE', about: 'a picture', completes: 'files' },
    json: {
      type: 'string',
      value: 'JSON|FILE|-',
      about: 'a body of /predict, or of the Open Inference Protocol where it has inputs',
      completes: 'files',
    },
    'api-key-file': {
      type: 'string',
      value: 'FILE',
      about: `a file with the API key; otherwise ${keyVariable}`,
      completes: 'files',
    },
    'ca-file': {
      type: 'string',
      value: 'FILE',
      about: 'certificates (PEM) of the authority of a model with TLS; default: ca.crt of its Secret',
      completes: 'files',
    },
    'insecure-skip-tls-verify': {
      type: 'boolean',
      about: 'do not check the certificate of a model with TLS',
    },
    timeout: {
      type: 'string',
      value: 'SECONDS',
      about: `longest wait for the answer; default ${usualSeconds}`,
    },
  },
  usesCluster: true,
  examples: [
    ["predict support --text 'Where is my order?'", 'a model of texts'],
    ['predict xray --image scan.png', 'a model of pictures'],
    ['predict table --json request.json', 'tensors'],
  ],
  run: async (invocation) => {
    const { given, env, signal } = invocation
    const seconds = wholeNumber('timeout', given.text('timeout') ?? String(usualSeconds), 1, mostSeconds)
    const session = await invocation.session()
    const model = await findModel(session, given.arguments[0] ?? '')
    const content = await contentOf(invocation, model)
    const apiKey = await apiKeyOf(given, env)
    if (needsKey(model) && apiKey === undefined)
      throw failed(
        `${model.metadata.name} asks for an API key.`,
        `Give one with --api-key-file, or in ${keyVariable}.`,
      )
    const trust = await trustOf(session, model, given)
    const pod = await readyPod(session, model)
    const { openTunnel } = await import('../cluster/tunnel.ts')
    const { ask } = await import('../models/ask.ts')
    const target = { namespace: model.metadata.namespace ?? '', pod: pod.metadata.name, port: portOfPods }
    const tunnel = await openTunnel(session, target)
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)])
    const reply = await ask(tunnel, { ...content, apiKey }, hostOf(model), trust, deadline)
    const answer = answerOf(reply.body)
    if (reply.code >= 400)
      throw failed(
        `The model answers HTTP ${reply.code}: ${plainText(told(answer))}`,
        adviceFor(model, reply),
      )
    invocation.stdout.write(jsonText(answer))
    return exitCodes.done
  },
}
