import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mountsBelow } from './mounts.ts'

const line = (id: number, path: string): string => `${id} 1 0:${id} / ${path} rw,relatime - tmpfs tmpfs rw`

test('mounts below a folder come deepest first, others not at all', () => {
  const mountinfo = [
    line(1, '/'),
    line(2, '/state/kubelet'),
    line(3, '/state/kubelet/pods/a'),
    line(4, '/state-of-others'),
    line(5, '/run/gantry'),
  ].join('\n')
  assert.deepEqual(mountsBelow(mountinfo, '/state'), ['/state/kubelet/pods/a', '/state/kubelet'])
  assert.deepEqual(mountsBelow(mountinfo, '/run/gantry'), ['/run/gantry'])
})

test('a blank in a path is read as one', () => {
  assert.deepEqual(mountsBelow(line(1, '/a\\040b/c'), '/a b'), ['/a b/c'])
})
