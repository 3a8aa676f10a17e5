import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { keyOf } from '../models/model.ts'
import { watchConfig } from './watch-config.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-watch-config-'))
})
after(() => rm(folder, { recursive: true }))

const fileOf = (name: string): string => `models: [{name: shop/${name}, endpoints: [{url: "http://a:1"}]}]`

test('a file that changes is served once it has been written, and a broken or missing one changes nothing and is told once', async () => {
  const path = join(folder, 'gateway.yaml')
  await writeFile(path, fileOf('one'))
  const clock = manualClock()
  const applied: string[] = []
  const lines: string[] = []
  const at = (level: string) => (message: string, fields?: object) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
  const watch = watchConfig({
    ...{ file: { path, text: fileOf('one') }, clock },
    log: { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') },
    apply: ({ models }) => void applied.push(models.map(keyOf).join()),
  })
  await clock.advance(3000)
  assert.deepEqual([applied, lines], [[], []])
  // Half of a file that another program writes may be a file by itself.
  await writeFile(path, fileOf('half'))
  await clock.advance(1000)
  await writeFile(path, fileOf('two'))
  await clock.advance(1000)
  assert.deepEqual(applied, [])
  await clock.advance(1000)
  assert.deepEqual(applied, ['shop/two'])
  await writeFile(path, 'models: [')
  await clock.advance(3000)
  assert.equal(watch.isServed(), false)
  assert.match(
    lines.at(-1) ?? '',
    /^error the models before are still served .*gateway\.yaml:1: this is not YAML/,
  )
  await rm(path)
  await clock.advance(3000)
  assert.match(lines.at(-1) ?? '', /cannot be read: ENOENT/)
  assert.equal(lines.length, 3)
  await writeFile(path, fileOf('two'))
  await clock.advance(2000)
  assert.deepEqual([watch.isServed(), applied], [true, ['shop/two']])
  await writeFile(path, fileOf('three'))
  await clock.advance(2000)
  assert.deepEqual(applied, ['shop/two', 'shop/three'])
  watch.close()
  await writeFile(path, fileOf('four'))
  await clock.advance(3000)
  assert.equal(applied.length, 2)
})
