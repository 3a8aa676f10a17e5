import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { duration, during, noProgress, type Output, progressOn, withElapsed } from './progress.ts'

const recorder = (terminal: Pick<Output, 'isTTY' | 'columns'> = {}) => {
  let text = ''
  let nowMs = 0
  const output: Output = {
    ...terminal,
    write: (more) => {
      text += more
    },
  }
  return {
    progress: progressOn(output, () => nowMs),
    clock: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms
    },
    text: () => text,
  }
}

/** What a terminal shows: the text after each return to the first column replaces what was in that line. */
const screen = (text: string): readonly string[] =>
  text.split('\n').map((line) => line.split('\r\x1b[2K').at(-1) ?? '')

test('a terminal shows one line about the running step, and whole lines stay above it', () => {
  const { progress, text } = recorder({ isTTY: true, columns: 80 })
  progress.line('etcd … cached')
  for (const done of [1, 2, 3]) progress.now(`kubelet … ${done} of 3 packages`)
  assert.deepEqual(screen(text()), ['etcd … cached', 'kubelet … 3 of 3 packages'])
  progress.line('kubelet … built in 9 s')
  assert.deepEqual(screen(text()), ['etcd … cached', 'kubelet … built in 9 s', ''])
})

test('a line about a running step never wraps', () => {
  const { progress, text } = recorder({ isTTY: true, columns: 10 })
  progress.now('x'.repeat(200))
  assert.equal(text().length, 9)
})

test('a log hears of a running step every twenty seconds at most, and only when nothing else was said', () => {
  const { progress, pass, text } = recorder()
  for (let second = 0; second < 60; second += 1) {
    progress.now(`building, second ${second}`)
    pass(1000)
  }
  assert.deepEqual(text().trim().split('\n'), ['building, second 20', 'building, second 40'])
  progress.line('built')
  pass(19_000)
  progress.now('next')
  assert.match(text(), /built\n$/)
  assert.ok(!text().includes('\x1b'), 'no escape codes in a log')
})

test('every line says how long it has been', () => {
  const { progress, pass, text, clock } = recorder()
  const timed = withElapsed(progress, clock)
  pass(61_400)
  timed.line('etcd … built')
  assert.equal(text(), '  61 s  etcd … built\n')
})

test('durations are read at a glance', () => {
  assert.deepEqual([900, 59_400, 60_000, 442_000].map(duration), ['1 s', '59 s', '1 min 00 s', '7 min 22 s'])
})

test('a step that takes long is told every second, with what is known of it, until it ends', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  try {
    const told: string[] = []
    let packages = 0
    let finish = (): void => undefined
    const work = during(
      { ...noProgress, now: (text) => told.push(text) },
      'kubelet',
      () => new Promise<void>((resolve) => (finish = resolve)),
      () => `${packages} of 907 packages`,
    )
    packages = 312
    mock.timers.tick(1000)
    finish()
    await work
    mock.timers.tick(5000)
    assert.equal(told.length, 2)
    assert.match(told[1] ?? '', /^kubelet … \d+ s, 312 of 907 packages$/)
  } finally {
    mock.timers.reset()
  }
})

test('a step that fails is no longer told', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  try {
    const told: string[] = []
    const failing = during({ ...noProgress, now: (text) => told.push(text) }, 'x', () =>
      Promise.reject(new Error('no')),
    )
    await assert.rejects(failing, /no/)
    mock.timers.tick(5000)
    assert.equal(told.length, 1)
  } finally {
    mock.timers.reset()
  }
})
