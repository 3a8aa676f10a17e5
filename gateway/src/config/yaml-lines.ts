/** The lines in which the values of a YAML text stand. */
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

const levelOf = (path: string, kind: Level['kind']): Level => ({ path, kind, key: undefined, index: 0 })

interface Place {
  /** JSON pointer; undefined for a key. */
  readonly value: string | undefined
  /** JSON pointer of what begins in this line; undefined where a key has told it already. */
  readonly line: string | undefined
}

/** The place of a node that begins now. @param scalar its text, where it is one */
const placeIn = (level: Level | undefined, scalar: string | undefined): Place => {
  if (!level || level.kind === 'document') return { value: '', line: undefined }
  if (level.kind === 'sequence') {
    const path = `${level.path}/${level.index++}`
    return { value: path, line: path }
  }
  if (level.key === undefined) {
    level.key = scalar ?? ''
    return { value: undefined, line: `${level.path}/${pointerPart(level.key)}` }
  }
  const path = `${level.path}/${pointerPart(level.key)}`
  level.key = undefined
  return { value: path, line: undefined }
}

/** @returns the line of a place, from 1; quick where places ascend */
const createLineCount = (text: string): ((place: number) => number) => {
  let [at, line] = [0, 1]
  return (place) => {
    if (place < at) [at, line] = [0, 1]
    for (let next = text.indexOf('\n', at); next >= 0 && next < place; next = text.indexOf('\n', at)) {
      at = next + 1
      line += 1
    }
    return line
  }
}

/** @returns line of each key and of each element of a list, from 1, by JSON pointer */
export const linesOf = (text: string): ReadonlyMap<string, number> => {
  const lines = new Map<string, number>()
  const levels: Level[] = []
  const lineAt = createLineCount(text)
  const place = (start: number, scalar?: string): string => {
    const { value, line } = placeIn(levels.at(-1), scalar)
    if (line !== undefined) lines.set(line, lineAt(start))
    return value ?? ''
  }
  for (const event of parseEvents(text, {})) {
    switch (event.type) {
      case EVENT_DOCUMENT:
        levels.push(levelOf('', 'document'))
        break
      case EVENT_POP:
        levels.pop()
        break
      case EVENT_SCALAR:
        place(event.valueStart, text.slice(event.valueStart, event.valueEnd))
        break
      case EVENT_ALIAS:
        place(event.anchorStart)
        break
      case EVENT_MAPPING:
        levels.push(levelOf(place(event.start), 'mapping'))
        break
      case EVENT_SEQUENCE:
        levels.push(levelOf(place(event.start), 'sequence'))
        break
    }
  }
  return lines
}
