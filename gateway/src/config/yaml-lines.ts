/** Where the values of a YAML text stand. */
import {
  EVENT_ALIAS,
  EVENT_DOCUMENT,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  EVENT_SEQUENCE,
  parseEvents,
} from 'js-yaml'

interface Level {
  readonly path: string
  readonly kind: 'document' | 'mapping' | 'sequence'
  /** The key whose value comes next; undefined where a key comes next. */
  key: string | undefined
  index: number
}

const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** @returns line of each key and of each element of a list, from 1, by JSON pointer */
export const linesOf = (text: string): ReadonlyMap<string, number> => {
  const lines = new Map<string, number>()
  const lineAt = (position: number): number => text.slice(0, position).split('\n').length
  const levels: Level[] = []

  /** Path of the node that begins here; undefined for a key. */
  const place = (start: number, scalar: string | undefined): string | undefined => {
    const level = levels.at(-1)
    if (!level || level.kind === 'document') return ''
    if (level.kind === 'sequence') {
      const path = `${level.path}/${level.index++}`
      lines.set(path, lineAt(start))
      return path
    }
    if (level.key === undefined) {
      level.key = scalar ?? ''
      lines.set(`${level.path}/${pointerPart(level.key)}`, lineAt(start))
      return undefined
    }
    const path = `${level.path}/${pointerPart(level.key)}`
    level.key = undefined
    return path
  }

  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_DOCUMENT) levels.push({ path: '', kind: 'document', key: undefined, index: 0 })
    else if (event.type === EVENT_POP) levels.pop()
    else if (event.type === EVENT_SCALAR)
      place(event.valueStart, text.slice(event.valueStart, event.valueEnd))
    else if (event.type === EVENT_ALIAS) place(event.anchorStart, undefined)
    else if (event.type === EVENT_MAPPING || event.type === EVENT_SEQUENCE) {
      const path = place(event.start, undefined) ?? ''
      levels.push({
        path,
        kind: event.type === EVENT_MAPPING ? 'mapping' : 'sequence',
        key: undefined,
        index: 0,
      })
    }
  }
  return lines
}
