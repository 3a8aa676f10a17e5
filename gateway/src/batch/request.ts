/** The body of POST …/batch: `{"path": "/predict", "payloads": [...]}`. */
import { Failure } from '../failure.ts'
import { inSlices } from '../json/slices.ts'
import { elementsOf, membersOf, type Span, textAt, type Work } from '../json/spans.ts'
import { isRepeatable } from '../proxy/call.ts'

export interface BatchRequest {
  /** The pod's path that each payload is posted to. */
  readonly path: string
  /** JSON of each payload, as it came. */
  readonly payloads: readonly Buffer[]
}

/** Results wait until the last one has come. */
const mostPayloads = 1000

const malformed = (sentence: string, field?: string): Failure =>
  new Failure('malformed', sentence, { ...(field !== undefined && { field }) })

function* spansOf(json: Buffer): Work<ReadonlyMap<string | undefined, Span>> {
  const spans = new Map<string | undefined, Span>()
  for (const member of membersOf(json)) {
    if (!member) {
      yield
      continue
    }
    const { name, value } = member
    if (name !== 'path' && name !== 'payloads')
      throw malformed(`a batch has the members "path" and "payloads", and no ${JSON.stringify(name)}`, name)
    if (spans.has(name)) throw malformed(`the body has two members "${name}"; send one`, name)
    spans.set(name, value)
  }
  return spans
}

/** A large body is read in slices, between which other requests are answered. @throws Failure malformed, too-large */
export const readBatch = async (json: Buffer): Promise<BatchRequest> => {
  try {
    return await inSlices(batchIn(json))
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(`the body is not a JSON object: ${error.message}`)
    throw error
  }
}

function* batchIn(json: Buffer): Work<BatchRequest> {
  const spans = yield* spansOf(json)
  const [pathAt, listAt] = [spans.get('path'), spans.get('payloads')]
  const path = pathAt && textAt(json, pathAt)
  if (path === undefined || !isRepeatable('POST', path))
    throw malformed('path must be that of an inference, such as /predict or /v2/models/NAME/infer', 'path')
  const elements = listAt && (yield* elementsOf(json, listAt, mostPayloads))
  if (!elements || elements.length === 0)
    throw malformed('payloads must be a list of at least one request body', 'payloads')
  if (elements.length > mostPayloads)
    throw new Failure('too-large', `payloads has more than ${mostPayloads} elements; send fewer at a time`, {
      field: 'payloads',
    })
  return { path, payloads: elements.map(({ start, end }) => json.subarray(start, end)) }
}
