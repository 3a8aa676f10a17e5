/** Which file imports which, imports of types among them, and where they lead in a circle. */
import { posix } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'

/** Maps each file, or folder, to those that it imports. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** @returns what a module imports, as it is written there */
const importsOf = (name: string, source: string): readonly string[] => {
  const { module, program } = parseSync(name, source)
  const found = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => source.slice(start + 1, end - 1)),
  ]
  // The record of a module does not have types that are imported where they are used.
  if (source.includes('import('))
    new Visitor({ TSImportType: ({ source: { value } }) => void found.push(value) }).visit(program)
  return found
}

/** @param sources of the files, by their paths below one root; imports of others are left out */
export const fileGraph = (sources: ReadonlyMap<string, string>): Graph =>
  new Map(
    Array.from(sources, ([path, source]) => {
      const imported = importsOf(path, source)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.join(posix.dirname(path), specifier))
      return [path, new Set(imported.filter((target) => sources.has(target)))]
    }),
  )

/** The same of the folders that the files are in. */
export const folderGraph = (files: Graph): Graph => {
  const folders = new Map<string, Set<string>>()
  for (const [path, imported] of files) {
    const folder = posix.dirname(path)
    const known = folders.get(folder) ?? new Set()
    folders.set(folder, known)
    for (const target of imported) if (posix.dirname(target) !== folder) known.add(posix.dirname(target))
  }
  return folders
}

/** The shortest way from a node back to it; undefined where there is none. */
const wayBack = (graph: Graph, start: string): readonly string[] | undefined => {
  const ways: (readonly [string, ...string[]])[] = [[start]]
  const seen = new Set<string>()
  for (const way of ways)
    for (const next of graph.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way
      if (!seen.has(next)) ways.push([...way, next])
      seen.add(next)
    }
  return undefined
}

/** The shortest circle through each node that is in one, each circle once, and no node in two of them. */
export const circles = (graph: Graph): readonly (readonly string[])[] => {
  const told = new Set<string>()
  return [...graph.keys()].flatMap((node) => {
    const way = told.has(node) ? undefined : wayBack(graph, node)
    if (!way || way.some((other) => told.has(other))) return []
    for (const other of way) told.add(other)
    return [way]
  })
}
