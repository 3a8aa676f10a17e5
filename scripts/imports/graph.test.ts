import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { circles, fileGraph, folderGraph } from './graph.ts'

const files = (sources: Readonly<Record<string, string>>) => fileGraph(new Map(Object.entries(sources)))

describe('two files that import each other are a circle', () => {
  for (const back of [
    "import { a } from './a.ts'",
    "import type { A } from './a.ts'",
    "import { type A } from './a.ts'",
    "import './a.ts'",
    "export { a } from './a.ts'",
    "export type { A } from './a.ts'",
    "export * from './a.ts'",
    "export const load = () => import('./a.ts')",
    "export type A = import('./a.ts').A",
    "export type A = typeof import('./a.ts')",
  ])
    test(back, () => {
      const graph = files({ 'src/a.ts': "import { b } from './b.ts'", 'src/b.ts': back })
      assert.deepEqual(circles(graph), [['src/a.ts', 'src/b.ts']])
    })
})

test('a circle is told once, the shortest way round, and those who only lead into it are left out', () => {
  const graph = files({
    'main.ts': "import './a.ts'",
    'a.ts': "import './b.ts'\nimport './c.ts'",
    'b.ts': "import './c.ts'",
    'c.ts': "import './a.ts'",
  })
  assert.deepEqual(circles(graph), [['a.ts', 'c.ts']])
})

test('two circles that do not meet are both told', () => {
  const graph = files({
    'a.ts': "import './b.ts'",
    'b.ts': "import './a.ts'",
    'c.ts': "import './d.ts'",
    'd.ts': "import './c.ts'",
  })
  assert.deepEqual(circles(graph), [
    ['a.ts', 'b.ts'],
    ['c.ts', 'd.ts'],
  ])
})

test('files in an order are no circle, nor are words in texts and comments, packages and files elsewhere', () => {
  const graph = files({
    'a.ts': "import './b.ts'\nimport './c.ts'",
    'b.ts': "import './c.ts'\nimport 'a'\nimport '../a.ts'",
    'c.ts': "// import './a.ts'\nexport const text = \"import './a.ts'\"",
  })
  assert.deepEqual(circles(graph), [])
})

test('folders may import each other in a circle where no files do', () => {
  const graph = files({
    'rooms/a/low.ts': '',
    'rooms/a/high.ts': "import '../b/middle.ts'",
    'rooms/b/middle.ts': "import '../a/low.ts'",
  })
  assert.deepEqual(circles(graph), [])
  assert.deepEqual(circles(folderGraph(graph)), [['rooms/a', 'rooms/b']])
})
