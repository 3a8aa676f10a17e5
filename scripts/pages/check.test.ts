import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { problemsOf } from './check.ts'
import { anchorsOf, commandsOf } from './markdown.ts'

const folder = mkdtempSync(join(tmpdir(), 'pages-'))
after(() => rmSync(folder, { recursive: true }))

const problems = (text: string): readonly string[] => {
  writeFileSync(join(folder, 'other.md'), '# Other page\n\n## What `it` does\n\n## Twice\n\n## Twice\n')
  const page = join(folder, 'page.md')
  writeFileSync(page, text)
  return problemsOf(page, new Set(['serve', 'start', 'check', 'gantry']))
}

test('a link to a file, a heading or the page itself has to lead somewhere', () => {
  assert.deepEqual(
    problems('# Page\n[a](other.md), [b](other.md#what-it-does), [c](#page), [d](other.md#twice-1)'),
    [],
  )
  assert.deepEqual(problems('[a](missing.md)'), ['missing.md does not exist'])
  assert.deepEqual(problems('[a](other.md#gone)'), ['other.md#gone: there is no such heading'])
  assert.deepEqual(problems('[a](#gone)'), ['#gone: there is no such heading'])
})

test('addresses of other hosts, and links in code, are not looked up', () => {
  assert.deepEqual(problems('[a](https://example.com/x) `[b](gone.md)`\n```\n[c](gone.md)\n```\n'), [])
})

test('a command has to be a script of package.json, with options that its program has', () => {
  assert.deepEqual(problems('`npm run serve -- --model DIR --max-rows 3`, `npm start`, npm run check'), [])
  assert.deepEqual(problems('npm run gone'), ['npm run gone is no script of package.json'])
  assert.deepEqual(problems('```sh\nnpm run serve -- --model x \\\n  --no-such 1\n```\n'), [
    'npm run serve has no --no-such',
  ])
})

test('a command line of gantry has to be one that it takes', () => {
  assert.deepEqual(
    problems(
      '`gantry get -A`, `npm run gantry -- doctor`, `kubectl gantry rollback NAME --wait`, helm install gantry charts --x',
    ),
    [],
  )
  assert.deepEqual(
    problems('```sh\ngantry gone\n$ gantry get --no-such # --other\n```\n`gantry serve --any`'),
    ['gantry has no command gone', 'gantry get has no --no-such'],
  )
  assert.deepEqual(
    problems('`gantry import --source s3://b/m --s3-endpoint URL`, `gantry import --source x --no-such2 1`'),
    ['npm run import has no --no-such2'],
  )
})

test('a test file that a page says to run has to exist', () => {
  assert.deepEqual(problems('`npx node --test scripts/pages/check.test.ts`'), [])
  assert.deepEqual(problems('`npx node --test scripts/gone.test.ts`'), [
    'scripts/gone.test.ts does not exist',
  ])
})

test('a conflict that was committed is found', () => {
  assert.deepEqual(problems('<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch\n'), [
    'a conflict of a merge stands in it',
  ])
})

test('headings in blocks of code are none, and options after a comment belong to no command', () => {
  assert.deepEqual([...anchorsOf('```sh\n# no heading\n```\n# A heading: `x`, y\n')], ['a-heading-x-y'])
  assert.deepEqual(commandsOf('npm run serve -- --model x # --none\nnpm view x'), [
    { script: 'serve', options: ['--model'] },
  ])
})
