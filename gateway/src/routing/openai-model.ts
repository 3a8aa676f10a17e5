/** The member `model` of an OpenAI body, found and replaced in its bytes: the rest of the body stays as it came. */
import { Failure } from '../failure.ts'
import { membersOf, type Span, textAt } from '../json/spans.ts'

interface Found {
  readonly name: string
  /** Quotes included. */
  readonly span: Span
}

/** @throws Failure malformed where the body is no object */
const modelsIn = (json: Buffer): readonly Span[] => {
  const values: Span[] = []
  try {
    for (const member of membersOf(json)) if (member?.name === 'model') values.push(member.value)
  } catch (error) {
    throw new Failure('malformed', `the body is not a JSON object: ${(error as Error).message}`, {
      field: 'model',
    })
  }
  return values
}

/** @throws Failure malformed where the body names no model, or two */
export const findModel = (json: Buffer): Found => {
  const values = modelsIn(json)
  const [span] = values
  if (values.length > 1)
    throw new Failure('malformed', 'the body has two members "model"; send one', { field: 'model' })
  const name = span && textAt(json, span)
  if (span && name !== undefined) return { name, span }
  throw new Failure(
    'malformed',
    'the body must be a JSON object whose "model" is NAMESPACE/NAME, or a NAME that only one model has',
    { field: 'model' },
  )
}

/** @returns the body with another name in the place of the one that was found */
export const withModel = (json: Buffer, { span: { start, end } }: Found, name: string): Buffer =>
  Buffer.concat([json.subarray(0, start), Buffer.from(JSON.stringify(name)), json.subarray(end)])
