/** The plain endpoints: /predict, /chat, /analyze. */
import type { IncomingMessage } from 'node:http'
import { Failure } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import { isObject, withoutNulls } from '../json/json-object.ts'
import { parseJson } from '../protocol/protocol.ts'
import type { Bodies } from '../requests/bodies.ts'
import type { Caller } from '../requests/caller.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import { jsonList, jsonText } from '../requests/json-text.ts'
import type { Members } from '../requests/members.ts'
import { analysis } from '../tasks/analyze.ts'
import { chatReply } from '../tasks/chat.ts'
import { predictAnswer, readInstances, readParameters } from '../tasks/instances.ts'
import type { Classification, LoadedTask, TaskItem, TaskResult } from '../tasks/task.ts'
import { readBody } from './body.ts'
import { checkJsonType } from './content-type.ts'
import { isMedia, readUpload, type Upload } from './upload.ts'

export interface PlainOptions {
  readonly bodies: Bodies
  /** Most bytes of an answer as JSON. */
  readonly maxAnswerBytes: number
  readonly nowMs: () => number
  readonly wallClock: () => Date
}

/** @returns JSON */
export type PlainHandler = (served: Served, request: IncomingMessage, caller: Caller) => Promise<string>

const taskOf = ({ task, model }: Served, address: string): LoadedTask => {
  if (task) return task
  const path = `/v2/models/${encodeURIComponent(model.name)}/infer`
  throw new Failure(
    'unknown-path',
    `${address} belongs to models with a task, and model "${model.name}" has none; send tensors to ${path}, or serve it with --task`,
  )
}

const requireEndpoint = (served: Served, endpoint: 'chat' | 'analyze'): LoadedTask => {
  const task = taskOf(served, `/${endpoint}`)
  if (task.endpoint === endpoint) return task
  const other = task.endpoint === undefined ? '/predict' : `/${task.endpoint} or /predict`
  const { name, task: kind } = served.model
  throw new Failure('unknown-path', `model "${name}" has task ${kind}; use ${other}`)
}

const one = async (served: Served, item: TaskItem, caller: Caller): Promise<TaskResult> => {
  const [result] = await served.predictor.items([item], caller)
  return result as TaskResult
}

const classified = async (served: Served, item: TaskItem, caller: Caller): Promise<Classification> =>
  (await one(served, item, caller)).classification as Classification

/** Fields of a form are members as in JSON, parameters too; a task without any has no use for them. */
const formMembers = ({ fields }: Upload, task: LoadedTask): Members => {
  const own = Object.entries(fields).filter(([name]) => task.fields.includes(name))
  const others = Object.entries(fields).filter(([name]) => !task.fields.includes(name))
  const takesOthers = task.parameters.length + task.lists.length > 0
  const parameters = takesOthers ? readParameters(Object.fromEntries(others), task) : {}
  return { ...parameters, ...Object.fromEntries(own) }
}

const uploaded = (upload: Upload, task: LoadedTask): TaskItem =>
  task.read({ ...formMembers(upload, task), image: upload.file }, (name) => name)

/** The handlers by path. */
export const plainHandlers = ({
  bodies,
  maxAnswerBytes,
  nowMs,
  wallClock,
}: PlainOptions): Readonly<Record<Endpoint & ('predict' | 'chat' | 'analyze'), PlainHandler>> => {
  const json = async (request: IncomingMessage): Promise<unknown> => {
    checkJsonType(request.headers)
    return parseJson(await readBody(request, bodies))
  }

  const predict: PlainHandler = async (served, request, caller) => {
    const task = taskOf(served, '/predict')
    if (task.fields.includes('image') && isMedia(request)) {
      const upload = await readUpload(request, bodies)
      return jsonText((await one(served, uploaded(upload, task), caller)).answer())
    }
    const instances = readInstances(await json(request), task)
    const results = await served.predictor.items(instances.items, caller)
    const field = instances.single ? String(task.fields[0]) : 'instances'
    const options = { mostBytes: maxAnswerBytes, field, nowMs }
    return predictAnswer(await jsonList(results, (result) => result.answer(), options), instances)
  }

  const chat: PlainHandler = async (served, request, caller) => {
    const task = requireEndpoint(served, 'chat')
    const body = await json(request)
    if (!isObject(body)) {
      throw new Failure('malformed', 'the body has to be a JSON object such as {"text": "…"}')
    }
    const item = task.read(withoutNulls(body), (name) => name)
    const script = served.chatScript ?? { responses: {}, threshold: 0 }
    return jsonText(chatReply(await classified(served, item, caller), script, wallClock()))
  }

  const analyze: PlainHandler = async (served, request, caller) => {
    const task = requireEndpoint(served, 'analyze')
    const { file } = await readUpload(request, bodies)
    const item = task.read({ image: file }, (name) => name)
    return jsonText(analysis(await classified(served, item, caller), served.model.config, wallClock()))
  }

  return { predict, chat, analyze }
}
