/** Files that docs/evaluation.md shows are read by the command that the page is about. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readEvaluation } from '../inference-server/src/evaluation/evaluation-file.ts'

const page = readFileSync('docs/evaluation.md', 'utf8')

/** YAML blocks of the page that are whole objects, without the indentation of a list around them. */
const shown = [...page.matchAll(/^( *)```yaml\n([\s\S]*?)\n *```$/gm)]
  .map(([, indent = '', yaml = '']) => yaml.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
  .filter((yaml) => yaml.includes('kind: ModelEvaluation'))

test('each ModelEvaluation of docs/evaluation.md is one that evaluate accepts', () => {
  assert.equal(shown.length, 2)
  for (const yaml of shown) assert.ok(readEvaluation(yaml, 'docs/evaluation.md'))
})
