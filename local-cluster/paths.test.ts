import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathsFrom } from './paths.ts'

test('cache and state follow the XDG folders, and our own variables go first', () => {
  assert.deepEqual(
    { ...pathsFrom({ HOME: '/home/a' }) },
    {
      cache: '/home/a/.cache/gantry',
      state: '/home/a/.local/state/gantry/cluster',
    },
  )
  assert.deepEqual(
    { ...pathsFrom({ HOME: '/h', XDG_CACHE_HOME: '/c', XDG_STATE_HOME: '/s' }) },
    {
      cache: '/c/gantry',
      state: '/s/gantry/cluster',
    },
  )
  assert.deepEqual(
    { ...pathsFrom({ HOME: '/h', GANTRY_CACHE: '/c', GANTRY_STATE: '/s' }) },
    {
      cache: '/c',
      state: '/s/cluster',
    },
  )
})
