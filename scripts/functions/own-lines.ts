/** How long the functions of a file are. The lines of a function within another one count for itself alone. */
import { parseSync } from 'oxc-parser'

export interface MeasuredFunction {
  /** Line of the file where it begins, from 1. */
  readonly line: number
  /** Its lines, empty ones left out, without those of the functions in it. */
  readonly ownLines: number
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

const kinds: readonly string[] = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']

/** A function of this many lines is an expression within a statement, and counts as a part of it. */
const shortest = 3

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value

interface Counted {
  readonly line: number
  ownLines: number
}

/** What a node holds: lists, nodes and plain values, of which the last hold nothing. */
const membersOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

/** @param path its ending says how `source` is parsed */
export const functionsOf = (path: string, source: string): readonly MeasuredFunction[] => {
  const lines = source.split('\n')
  const lineOf = (offset: number): number => source.slice(0, offset).split('\n').length
  const found: Counted[] = []
  const counted = ({ start, end }: Node, around: Counted | undefined): Counted => {
    const line = lineOf(start)
    const count = lines.slice(line - 1, lineOf(end)).filter((text) => text.trim() !== '').length
    if (around && count > shortest) around.ownLines -= count
    const one = { line, ownLines: count }
    found.push(one)
    return one
  }
  const visit = (value: unknown, around: Counted | undefined): void => {
    const inside = isNode(value) && kinds.includes(value.type) ? counted(value, around) : around
    for (const member of membersOf(value)) visit(member, inside)
  }
  visit(parseSync(path, source).program, undefined)
  return found
}
