/** The body of POST …/batch: `{"path": "/predict", "payloads": [...]}`. */
import { Failure } from '../failure.ts'
import { inSlices } from '../json/slices.ts'
import { type Member, membersOf, textAt, type Work } from '../json/spans.ts'
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

const tooMany = (): Failure =>
  new Failure('too-large', `payloads has more than ${mostPayloads} elements; send fewer at a time`, {
    field: 'payloads',
  })

/** @throws Failure malformed, too-large */
const checkMember = ({ name, elements }: Member, isKnown: boolean): void => {
  if (name !== 'path' && name !== 'payloads')
    throw malformed(`a batch has the members "path" and "payloads", and no ${JSON.stringify(name)}`, name)
  if (isKnown) throw malformed(`the body has two members "${name}"; send one`, name)
  if (elements && elements.length > mostPayloads) throw tooMany()
}

function* partsOf(json: Buffer): Work<ReadonlyMap<string | undefined, Member>> {
  const parts = new Map<string | undefined, Member>()
  for (const member of membersOf(json, { name: 'payloads', most: mostPayloads })) {
    if (!member) {
      yield
      continue
    }
    checkMember(member, parts.has(member.name))
    parts.set(member.name, member)
  }
  return parts
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

/** @throws Failure malformed, too-large, SyntaxError */
export function* batchIn(json: Buffer): Work<BatchRequest> {
  const parts = yield* partsOf(json)
  const [named, elements] = [parts.get('path'), parts.get('payloads')?.elements]
  const path = named && textAt(json, named.value)
  if (path === undefined || !isRepeatable('POST', path))
    throw malformed('path must be that of an inference, such as /predict or /v2/models/NAME/infer', 'path')
  if (!elements || elements.length === 0)
    throw malformed('payloads must be a list of at least one request body', 'payloads')
  return { path, payloads: elements.map(({ start, end }) => json.subarray(start, end)) }
}
