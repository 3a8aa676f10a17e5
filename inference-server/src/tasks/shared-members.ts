/** What the items of a request share: lists, parameters. Each item reads them again, so they count once for each. */
import { Failure } from '../failures/errors.ts'
import type { Members, PathOf } from '../requests/members.ts'

/** Characters of a usual body: no more is read than a caller could have sent with each item. */
const mostCharacters = 64 * 2 ** 20

/** The number of characters that a value has as JSON, about. */
const charactersOf = (value: unknown): number => {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length
  if (typeof value !== 'object' || value === null) return 8
  let characters = 0
  for (const [name, one] of Object.entries(value))
    characters += charactersOf(one) + (Array.isArray(value) ? 0 : name.length)
  return characters
}

/** @throws Failure naming the largest of them */
export const checkShared = (shared: Members, items: number, pathOf: PathOf): void => {
  if (items < 2) return
  const sizes = Object.entries(shared).map(([name, value]) => ({ name, characters: charactersOf(value) }))
  const all = sizes.reduce((sum, { characters }) => sum + characters, 0)
  if (all * items <= mostCharacters) return
  const { name = '' } = sizes.sort((one, other) => other.characters - one.characters)[0] ?? {}
  const field = pathOf(name)
  throw new Failure(
    'too-large',
    `${items} items share ${all} characters, ${field} most of them, but items times characters may be ${mostCharacters} at most; send fewer items, or less in ${field}`,
    { field },
  )
}
