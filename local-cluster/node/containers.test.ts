import assert from 'node:assert/strict'
import { test } from 'node:test'
import { descendants, isOurShim } from './containers.ts'

const socket = '/run/gantry/containerd.sock'

test('a shim is ours only when it serves our containerd', () => {
  const shim = (address: string): string =>
    `/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id a -address ${address}`
  assert.equal(isOurShim(shim(socket), socket), true)
  assert.equal(isOurShim(shim('/run/containerd/containerd.sock'), socket), false)
  assert.equal(isOurShim(`vi notes-on-containerd-shim ${socket}`, socket), false)
})

test('everything that stems from a shim is found, and nothing else', () => {
  const parents = new Map([
    ...([
      [10, 1],
      [11, 10],
      [12, 11],
    ] as const),
    ...([
      [20, 1],
      [21, 20],
    ] as const),
    ...([[1, 0]] as const),
  ])
  assert.deepEqual(descendants(parents, new Set([10])), [11, 12])
})
