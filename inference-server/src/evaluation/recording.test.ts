import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { VersionEvaluation } from '@gantry/contract/evaluation.ts'
import { recordEvaluation } from './recording.ts'

test('a version that is gone is named, with what to look for', () =>
  assert.rejects(
    recordEvaluation('/nowhere/v_1', {} as VersionEvaluation),
    /^Error: the measurement cannot be kept in \/nowhere\/v_1 \(ENOENT\); see that/,
  ))
