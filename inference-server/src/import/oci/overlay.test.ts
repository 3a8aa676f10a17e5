import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overlay } from './overlay.ts'

/** The files that an image shows. @param layers from the lowest to the uppermost; a folder ends with a slash */
const seen = (layers: readonly (readonly string[])[]): readonly string[] => {
  const image = overlay()
  const files: string[] = []
  for (const [index, layer] of [...layers.entries()].reverse()) {
    for (const path of layer) {
      const name = path.replace(/\/$/, '')
      const kind = path.endsWith('/') ? 'folder' : 'file'
      if (image.noteRemoval(name) || image.hides(name, kind)) continue
      image.note(name, kind)
      if (kind === 'file') files.push(`${name}@${index}`)
    }
    image.descend()
  }
  return files.sort()
}

test('layers show what a runtime would mount', () => {
  for (const [what, layers, expected] of [
    ['the upper file is seen', [['m/a', 'm/b'], ['m/a']], ['m/a@1', 'm/b@0']],
    ['a removed file is not seen', [['m/a', 'm/b'], ['m/.wh.a']], ['m/b@0']],
    ['a removed folder is gone with all that is in it', [['m/d/a', 'm/da'], ['m/.wh.d']], ['m/da@0']],
    ['a removal does not concern its own layer', [['m/a'], ['m/a', 'm/.wh.a']], ['m/a@1']],
    ['what is removed may come again', [['m/a'], ['m/.wh.a'], ['m/a']], ['m/a@2']],
    [
      'an opaque folder has nothing of lower layers',
      [
        ['m/d/a', 'm/b'],
        ['m/d/.wh..wh..opq', 'm/d/c'],
      ],
      ['m/b@0', 'm/d/c@1'],
    ],
    ['an opaque root has nothing of lower layers', [['m/a'], ['.wh..wh..opq', 'm/b']], ['m/b@1']],
    ['the root may lose a folder', [['m/a'], ['.wh.m']], []],
    ['a file takes the place of a folder', [['m/d/a'], ['m/d']], ['m/d@1']],
    ['a folder takes the place of a file', [['m/d'], ['m/d/a']], ['m/d/a@1']],
    ['a folder that is named takes the place of a file', [['m/d'], ['m/d/']], []],
    ['a folder that is named keeps what is in it', [['m/d/a'], ['m/d/']], ['m/d/a@0']],
    ['marks of drivers are no removals', [['m/a'], ['m/.wh..wh.plnk']], ['m/a@0']],
  ] as const)
    assert.deepEqual(seen(layers), expected, what)
})
