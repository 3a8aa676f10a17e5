import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { proveSteps } from '../sharing/step-proof.ts'

/** Graphs as exporters write them, without weights; bench/exporters makes them, docs/rows.md lists them all. */
const root = join(import.meta.dirname, '../../golden/graphs')
const suffix = '.onnx.gz'

const wanted: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'verdicts.json'), 'utf8'))
const names = globSync(`*/*/*${suffix}`, { cwd: root }).map((path) => path.slice(0, -suffix.length))

/** The verdict, with the node to blame where it is not the wanted one. */
const verdictOf = (name: string, folder: string): string => {
  const path = join(folder, 'model.onnx')
  writeFileSync(path, gunzipSync(readFileSync(join(root, `${name}${suffix}`))))
  const proof = proveSteps(path)
  if (proof.verdict === 'independent' || proof.verdict === wanted[name]) return proof.verdict
  return `${proof.verdict}: ${proof.operator} '${proof.node}' ${proof.reason}`
}

for (const [exporter, graphs] of Map.groupBy(names.sort(), (name) => name.split('/')[0] ?? ''))
  test(`proves of every graph of ${exporter} what is expected of its rows`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'rows-'))
    try {
      const verdicts = Object.fromEntries(graphs.map((name) => [name, verdictOf(name, folder)]))
      assert.deepEqual(verdicts, Object.fromEntries(graphs.map((name) => [name, wanted[name]])))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

test('has a graph for every verdict expected, and a verdict for every graph', () => {
  assert.deepEqual(Object.keys(wanted).sort(), names)
  assert.ok(names.length > 300)
})
