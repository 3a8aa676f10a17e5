/** Token ids in a request. */
import { Failure } from '../failures/errors.ts'
import type { Members, PathOf } from '../requests/members.ts'

const mostIds = 1000

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const areIds = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.length <= mostIds && value.every(isId)

/** One id, or a list of them; undefined where there is none. @throws Failure */
export const readIds = (members: Members, pathOf: PathOf, name: string): readonly number[] | undefined => {
  const value = members[name]
  if (value === undefined || value === null) return undefined
  const ids = isId(value) ? [value] : value
  if (areIds(ids)) return ids
  const field = pathOf(name)
  throw new Failure('invalid', `${field} has to be the id of a token, or a list of 1 to ${mostIds} ids`, {
    field,
  })
}

/** A list of lists of ids, such as `bad_words_ids`; undefined where there is none. @throws Failure */
export const readSequences = (
  members: Members,
  pathOf: PathOf,
  name: string,
): readonly (readonly number[])[] | undefined => {
  const value = members[name]
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value) && value.length <= mostIds && value.every(areIds)) return value
  const field = pathOf(name)
  throw new Failure(
    'invalid',
    `${field} has to be a list of at most ${mostIds} lists of ids of tokens, such as [[5], [7, 9]]`,
    { field },
  )
}
