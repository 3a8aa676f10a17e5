/** The rows that stand for "any row": of the request, or of the version's folder. */
import { Failure, StartError } from '../failures/errors.ts'
import { isObject } from '../json/json-object.ts'
import { readJson } from '../models/config-files.ts'
import { type Input, type Rows, rowsFromJson } from './features.ts'

/** File of the model's folder. */
const backgroundFile = 'background.json'

/** Most rows: each coalition is asked about once for each of them. */
const mostRows = 1000

export interface Background {
  readonly rows: Rows
  readonly from: 'request' | typeof backgroundFile
}

const checked = (rows: Rows, field: string): Rows => {
  if (rows.count <= mostRows) return rows
  throw new Failure(
    'too-large',
    `${field} has ${rows.count} rows, but at most ${mostRows} are taken; send fewer that stand for the others`,
    { field },
  )
}

const missing = (): Failure =>
  new Failure(
    'invalid',
    `background is missing, and the version's folder has no ${backgroundFile}; send rows of usual values such as [[1, 2], [3, 4]]`,
    { field: 'background' },
  )

/** What the folder says is the owner's; the caller can send rows of their own. */
const unusable = (error: unknown): unknown => {
  if (!(error instanceof Failure || error instanceof StartError)) return error
  const message = `${backgroundFile} of the version cannot be used (${error.message}); send background with the request`
  return new Failure('invalid', message, { field: 'background', cause: error })
}

const fromFolder = async (dir: string, inputs: readonly Input[]): Promise<Rows> => {
  try {
    const found = await readJson(dir, backgroundFile)
    if (found !== undefined) {
      const list = isObject(found) ? found['background'] : found
      return checked(rowsFromJson(list, inputs, 'background'), 'background')
    }
  } catch (error) {
    throw unusable(error)
  }
  throw missing()
}

/** @param given member `background` of the request @param dir folder of the version @throws Failure */
export const backgroundOf = async (
  given: unknown,
  dir: string,
  inputs: readonly Input[],
): Promise<Background> =>
  given === undefined || given === null
    ? { rows: await fromFolder(dir, inputs), from: backgroundFile }
    : { rows: checked(rowsFromJson(given, inputs, 'background'), 'background'), from: 'request' }
