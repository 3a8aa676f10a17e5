/** The plain endpoints: /predict, /chat, /analyze. */
import type { IncomingMessage } from 'node:http'
import { Failure } from '../errors.ts'
import type { Endpoint } from '../metrics.ts'
import type { Caller } from '../predict.ts'
import { parseJson } from '../protocol.ts'
import type { Served } from '../served.ts'
import { analysis } from '../tasks/analyze.ts'
import { chatReply } from '../tasks/chat.ts'
import { prediction } from '../tasks/classification.ts'
import { predictAnswer, readInstances } from '../tasks/instances.ts'
import type { Classification, LoadedTask, TaskInput } from '../tasks/task.ts'
import { textInput } from '../tasks/texts.ts'
import { readBody } from './body.ts'
import { readUpload } from './upload.ts'

export interface PlainOptions {
  readonly maxBodyBytes: number
  readonly wallClock: () => Date
}

export type PlainHandler = (served: Served, request: IncomingMessage, caller: Caller) => Promise<unknown>

const isMedia = (request: IncomingMessage): boolean =>
  /^(multipart\/form-data|image\/|application\/octet-stream)/i.test(request.headers['content-type'] ?? '')

const checkJsonType = (request: IncomingMessage): void => {
  const type = request.headers['content-type']
  if (type === undefined || /^application\/(json|x-www-form-urlencoded|[\w.+-]+\+json)/i.test(type)) return
  throw new Failure('unsupported-media-type', `content-type ${type} is not known here; send application/json`)
}

const taskOf = ({ task, model }: Served): LoadedTask => {
  if (task) return task
  const path = `/v2/models/${encodeURIComponent(model.name)}/infer`
  throw new Failure('unknown-path', `model "${model.name}" has task tensor; send tensors to ${path}`)
}

const requireAccepts = (served: Served, accepts: TaskInput['kind']): void => {
  if (taskOf(served).accepts === accepts) return
  const other = accepts === 'text' ? 'pictures; use /analyze or /predict' : 'texts; use /chat or /predict'
  throw new Failure('unknown-path', `model "${served.model.name}" reads ${other}`)
}

const one = async (served: Served, input: TaskInput, caller: Caller): Promise<Classification> => {
  const [result] = await served.predictor.items([input], caller)
  return result as Classification
}

/** The handlers by path. */
export const plainHandlers = ({
  maxBodyBytes,
  wallClock,
}: PlainOptions): Readonly<Record<Endpoint & ('predict' | 'chat' | 'analyze'), PlainHandler>> => {
  const json = async (request: IncomingMessage): Promise<unknown> => {
    checkJsonType(request)
    return parseJson(await readBody(request, maxBodyBytes))
  }

  const predict: PlainHandler = async (served, request, caller) => {
    const { accepts } = taskOf(served)
    if (accepts === 'image' && isMedia(request)) {
      return prediction(
        await one(served, { kind: 'image', bytes: await readUpload(request, maxBodyBytes) }, caller),
      )
    }
    const instances = readInstances(await json(request), accepts)
    const results = await served.predictor.items(instances.inputs, caller)
    return predictAnswer(results.map(prediction), instances)
  }

  const chat: PlainHandler = async (served, request, caller) => {
    requireAccepts(served, 'text')
    const body = await json(request)
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new Failure('malformed', 'the body has to be a JSON object such as {"text": "…"}')
    }
    const input = textInput((body as { readonly text?: unknown }).text, 'text')
    const script = served.chatScript ?? { responses: {}, threshold: 0 }
    return chatReply(await one(served, input, caller), script, wallClock())
  }

  const analyze: PlainHandler = async (served, request, caller) => {
    requireAccepts(served, 'image')
    const bytes = await readUpload(request, maxBodyBytes)
    return analysis(await one(served, { kind: 'image', bytes }, caller), served.model.config, wallClock())
  }

  return { predict, chat, analyze }
}
