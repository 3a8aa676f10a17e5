import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReport } from '../jobs/report.ts'
import { importKind } from './importing.ts'

const version = {
  id: 'v_20261123_100001',
  label: '1.4',
  revision: '0123456789abcdef',
  source: 'https://models.example/intents.tar.gz',
  digest: `sha256:${'0'.repeat(64)}`,
  task: 'tensor',
  sizeBytes: 4_000_000,
  createdAt: '2026-11-23T10:00:00.123Z',
} as const
const imported = { outcome: 'imported', version, pruned: ['v_20261120_100001_2'] } as const
/** The parsed form of the report above. */
const done = { kind: 'done', report: { version, pruned: imported.pruned } } as const
const failed = { outcome: 'failed', reason: 'NotOnnx', message: 'No.', retry: 'never' } as const
const read = (report: unknown) => readReport(importKind, JSON.stringify(report))

test('a report is read as it was written, without members that are not used', () => {
  assert.deepEqual(read({ ...imported, version: { ...version, changed: ['a'], more: {} }, more: 1 }), done)
  const { label: _, ...unlabelled } = version
  assert.deepEqual(read({ ...imported, version: unlabelled }), {
    kind: 'done',
    report: { ...done.report, version: unlabelled },
  })
  const { outcome: _outcome, ...failure } = failed
  assert.deepEqual(read({ ...failed, more: 1 }), { kind: 'failed', ...failure })
})

test('where a version comes from, and who asked for it, is read member by member', () => {
  const hex = `sha256:${'1'.repeat(64)}`
  const custody = {
    recordDigest: hex,
    sourceRevision: 'c0ffee',
    signature: { key: hex, files: 2, digest: hex },
    requestedBy: { uid: 'uid-1', generation: 3, namespace: 'demo', name: 'intents' },
    tools: { gantry: '0.1.0', onnxruntime: '1.30.0', optimizer: '0.1.0' },
  }
  const more = Object.fromEntries(
    Object.entries(custody).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : { ...value, more: 1 },
    ]),
  )
  assert.deepEqual(read({ ...imported, version: { ...version, ...more } }), {
    kind: 'done',
    report: { ...done.report, version: { ...version, ...custody } },
  })
  const revision = 'x\u001b'.repeat(300)
  const wrong = { ...version, sourceRevision: revision }
  assert.equal(read({ ...imported, version: wrong }), undefined, 'longer than its limit')
})

test('a member that is not what it should be makes it no report', () => {
  const wrong: Readonly<Record<string, readonly unknown[]>> = {
    id: [
      undefined,
      7,
      '',
      '../v_20261123_100001',
      'v_20261123_100001\n',
      `v_20261123_100001_${'1'.repeat(99)}`,
    ],
    label: [null, '', 'a\u001b', '/etc', 'x'.repeat(64)],
    revision: [undefined, 'ABCDEF0123456789', '0'.repeat(17), {}],
    source: [undefined, null, ['a']],
    digest: ['sha256:', `sha256:${'g'.repeat(64)}`, 7],
    task: [undefined, 'toString', 'shell'],
    sizeBytes: [-1, 1.5, 1e300, '4', null],
    createdAt: [
      ...[undefined, 'yesterday', '2026-13-45T99:99:99Z', '2026-02-30T00:00:00Z', '2026-11-23', 0],
      ...['2026-11-23T10:00Z', '2026-11-23T10:00:00', '2026-11-23T10:00:00.Z'],
    ],
  }
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const report = { ...imported, version: { ...version, [name]: value } }
      assert.equal(read(report), undefined, `${name}: ${JSON.stringify(value)}`)
    }
  }
  for (const report of [
    ...[
      { ...imported, pruned: undefined },
      { ...imported, pruned: ['/'] },
      { ...imported, version: null },
    ],
    ...[
      { ...failed, reason: 'constructor' },
      { ...failed, retry: 'now' },
      { ...failed, message: {} },
    ],
    ...[null, [], 7, 'text', {}, { outcome: 'toString' }],
  ]) {
    assert.equal(read(report), undefined, JSON.stringify(report))
  }
  for (const text of [undefined, '', '{', JSON.stringify({ ...failed, message: 'x'.repeat(5000) })]) {
    assert.equal(readReport(importKind, text), undefined)
  }
})

test('its texts are lines of visible characters', () => {
  const hostile = `\u001b[2J\r\nReady: True\u202e${'x'.repeat(2500)}`
  const told = read({ ...failed, message: hostile })
  assert.match(told?.kind === 'failed' ? told.message : '', /^\ufffd\[2J Ready: True\ufffdx+…$/)
  const found = read({ ...imported, version: { ...version, source: hostile } })
  assert.match(found?.kind === 'done' ? found.report.version.source : '', /^\ufffd\[2J Ready: True\ufffdx+…$/)
})
