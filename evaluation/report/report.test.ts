import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rank } from '../ranking.ts'
import { summary } from '../testing/summaries.ts'
import { reportMarkdown } from './markdown.ts'
import { reportHtml } from './page.ts'

const names = Array.from({ length: 16 }, (_, index) => `candidate-${index + 1}`)
const labels = ['投诉', '退款', 'other']
const evil = [
  `<script>alert("x")</script>`,
  `a | b\n# c`,
  `**bold** [x](javascript:alert(1)) www.example.com`,
]
const outOfMemory = { name: 'huge', reason: 'OutOfMemory', message: 'needs <b>more</b> | memory' } as const

/** Elements that are open at a time when another one closes, or at the end. */
const unbalanced = (page: string): readonly string[] => {
  const open: string[] = []
  const wrong: string[] = []
  for (const [, slash, name = '', rest = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>/g)) {
    if (rest.endsWith('/') || ['meta', 'br'].includes(name)) continue
    if (slash === '') open.push(name)
    else if (open.pop() !== name) wrong.push(name)
  }
  return [...wrong, ...open]
}

for (const [what, shape] of Object.entries({
  'one candidate of two classes': { candidates: ['only'], labels: ['no', 'yes'] },
  'sixteen candidates of Chinese labels': { candidates: names, labels },
  'a hundred classes': {
    candidates: ['a', 'b'],
    labels: Array.from({ length: 100 }, (_, index) => `c${index}`),
  },
  'no candidate that was measured': { candidates: [], labels, unmeasured: [outOfMemory] },
}))
  test(`a page of ${what} is well-formed and has no number that is none`, () => {
    const page = reportHtml(summary(shape))
    assert.deepEqual(unbalanced(page), [])
    assert.doesNotMatch(page, /NaN|Infinity|undefined|\[object/)
    assert.doesNotMatch(reportMarkdown(summary(shape)), /NaN|Infinity|undefined|\[object/)
  })

test('a page loads nothing, runs nothing, and tells the browser so', () => {
  const page = reportHtml(summary({ candidates: names, labels }))
  assert.doesNotMatch(page, /<script|<link|<img|<iframe|\son[a-z]+=|url\(|@import|javascript:/i)
  assert.match(page, /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;/)
})

test('every text from outside is escaped in a page', () => {
  const page = reportHtml(
    summary({
      name: evil[0] ?? '',
      candidates: ['a'],
      labels: evil,
      unmeasured: [outOfMemory],
      spec: { requirements: { [`<img src=x onerror=alert(1)>`]: false, [`"onload="x`]: false } },
    }),
  )
  assert.doesNotMatch(page, /<script|<b>|<img/)
  assert.match(page, /&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;/)
  assert.match(page, /needs &lt;b&gt;more&lt;\/b&gt; \| memory/)
  assert.deepEqual(unbalanced(page), [])
})

test('every text from outside stays in its cell of a Markdown table, and is no markup', () => {
  const text = reportMarkdown(
    summary({ name: evil[0] ?? '', candidates: ['a'], labels: evil, unmeasured: [outOfMemory] }),
  )
  assert.doesNotMatch(text, /<script|<b>|^# c|[^\\]\*\*bold|[^\\]\[x\]|www\./m)
  assert.match(text, /a &#124; b \\# c/)
  const lines = text.split('\n')
  const tables = lines.map((line, index) => (line.startsWith('| ---') ? index : -1)).filter((at) => at > 0)
  assert.ok(tables.length > 5)
  for (const at of tables) {
    const columns = lines[at]?.split('|').length
    for (let row = at - 1; lines[row]?.startsWith('|'); row += 1)
      assert.equal(lines[row]?.split('|').length, columns, lines[row])
  }
})

test('a page says the winner, both scores, why candidates do not count, the data and its digest', () => {
  const one = summary({ candidates: ['small', 'large'], labels, unmeasured: [outOfMemory] })
  for (const text of [reportHtml(one), reportMarkdown(one)]) {
    assert.match(text, new RegExp(`${one.status.winner} wins with a score of`))
    assert.match(text, /comprehensive/)
    assert.match(text, /huge/)
    assert.match(text, /sha256:d{64}/)
    assert.match(text, /500/)
    assert.match(text, /onnxruntime/)
  }
})

test('a page says which candidates are not measured yet, and which figures do not compare', () => {
  const one = summary({ candidates: ['small', 'large'], labels })
  const spec = {
    ...one.spec,
    candidates: [...one.spec.candidates, { name: 'later', task: 'tensor' as const }],
  }
  const [report] = one.reports
  assert.ok(report)
  const [small] = report.candidates
  assert.ok(small && 'measurement' in small)
  const hardware = { ...small.measurement.hardware, processor: 'Another CPU' }
  const moved = { ...small, measurement: { ...small.measurement, hardware } }
  const other = {
    ...report,
    dataset: { ...report.dataset, digest: `sha256:${'e'.repeat(64)}` },
    candidates: [moved],
  }
  const text = reportMarkdown({ ...one, spec, reports: [report, other] })
  assert.match(text, /Not measured yet: later\./)
  assert.match(text, /measured on different hardware/)
  assert.match(text, /measured on different data/)
})

test('a page has the figures of a candidate that was measured and does not count', () => {
  const one = summary({ candidates: ['a', 'b'], labels, spec: { requirements: { translation: true } } })
  assert.equal(one.status.winner, undefined)
  const text = reportMarkdown(one)
  assert.match(text, /No candidate that was measured is eligible\./)
  assert.match(text, /^\| a \| 0\.\d+ \(0\.\d+ to 0\.\d+\) \|/m)
  assert.match(text, /^### b$/m)
})

/** What the page says of two candidates with these intervals of the accuracy. */
const certainty = (intervals: readonly (readonly [number, number])[]): string => {
  const one = summary({ candidates: ['a', 'b'], labels })
  const results = one.status.results?.map((result, index) => ({
    ...result,
    intervals: { accuracy: [...(intervals[index] ?? [])] },
  }))
  return reportMarkdown({ ...one, status: { ...one.status, ...(results && { results }) } })
}

test('a page says which candidates the samples may not tell from the winner, and does not where they can', () => {
  assert.match(
    certainty([
      [0.8, 0.9],
      [0.85, 0.95],
    ]),
    /may not tell the winner from [ab]:/,
  )
  assert.match(
    certainty([
      [0.8, 0.9],
      [0.7, 0.8],
    ]),
    /may not tell the winner from [ab]:/,
  )
  assert.doesNotMatch(
    certainty([
      [0.8, 0.9],
      [0.91, 0.95],
    ]),
    /may not tell/,
  )
  assert.doesNotMatch(
    certainty([
      [0.8, 0.9],
      [0.7, 0.79],
    ]),
    /may not tell/,
  )
})

test('a page says what a reader of the metrics should know', () => {
  const one = summary({ candidates: ['a'], labels })
  const [report] = one.reports
  assert.ok(report)
  const remarks = ['entityF1 is left out: no label <of> the data set has an entity']
  const candidates = report.candidates.map((candidate) => ({ ...candidate, remarks }))
  const reports = [{ ...report, candidates }]
  assert.match(reportHtml({ ...one, reports }), /<li>entityF1 is left out: no label &lt;of&gt; the data set/)
  assert.match(reportMarkdown({ ...one, reports }), /^- entityF1 is left out/m)
})

test('a report without the runs has what status knows', () => {
  const one = { ...summary({ candidates: ['small', 'large'], labels }), reports: [] }
  assert.match(reportMarkdown(one), /\| 1 \| (small|large) \|/)
  assert.match(reportHtml(one), /<svg/)
})

test('a page is whole where figures are zero, alone or all the same', () => {
  const one = summary({ candidates: ['a', 'b'], labels: ['only'] })
  const [report] = one.reports
  assert.ok(report)
  const candidates = report.candidates.map((candidate) => {
    if (!('measurement' in candidate)) return candidate
    const { measurement } = candidate
    const still = { p50Ms: 0, p95Ms: 0, p99Ms: 0, meanMs: 0, throughputPerSecond: 0 }
    const byConcurrency = measurement.performance.byConcurrency
      .slice(0, 1)
      .map((point) => ({ ...point, ...still, spread: 0 }))
    const performance = { ...measurement.performance, ...still, byConcurrency }
    return {
      measurement: {
        ...measurement,
        performance,
        metrics: { accuracy: 0 },
        intervals: { accuracy: [0, 0] as [number, number] },
      },
      confusion: {
        labels: ['only', 'never'],
        counts: [
          [0, 0],
          [0, 0],
        ],
      },
      latencies: { edges: [2, 2], counts: [5] },
      mistakes: [],
    }
  })
  const measured = candidates.flatMap((candidate) =>
    'measurement' in candidate ? [candidate.measurement] : [],
  )
  const ranking = rank(one.spec, measured)
  const status = { ...one.status, results: [...ranking.results], pareto: [...ranking.pareto] }
  const page = reportHtml({ ...one, status, reports: [{ ...report, candidates }] })
  assert.deepEqual(unbalanced(page), [])
  assert.doesNotMatch(page, /NaN|Infinity|undefined/)
  assert.equal(page.match(/<svg/g)?.length, 9)
})

test('a report says what spec.objective chose and why, and names no winner where it chose none', () => {
  const given = summary({ candidates: ['a', 'b'], labels })
  const objective = { minimize: 'size' } as const
  const reason = 'none of 2 meets p95Ms 2; nearest is a'
  const text = (status: object): string =>
    reportMarkdown({ ...given, spec: { ...given.spec, objective }, status: { ...given.status, ...status } })
  const { winner: _, ...withoutWinner } = given.status
  const none = reportMarkdown({
    ...given,
    spec: { ...given.spec, objective },
    status: { ...withoutWinner, chosen: { reason } },
  })
  assert.match(none, /By spec\.objective, none of 2 meets p95Ms 2; nearest is a\./)
  assert.match(none, /ranked by spec\.objective \(the least size\)/)
  assert.doesNotMatch(none, /wins with|the winner/)
  const chosen = { name: 'b', reason: 'b is chosen for its size among 2' }
  assert.match(text({ winner: 'b', chosen }), /By spec\.objective, b is chosen for its size among 2\./)
})
