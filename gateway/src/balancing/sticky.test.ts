import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDirectory } from '../models/directory.ts'
import type { Canary, Model } from '../models/model.ts'
import { countAttempt } from './demand-book.ts'
import type { Draw } from './served-model.ts'
import { createSessionRoom } from './session-book.ts'

const endpoints = [
  { url: 'http://127.0.0.1:20001', track: 'stable' },
  { url: 'http://127.0.0.1:20002', track: 'canary' },
] as const

/** A gateway that serves one model with a sticky rollout. */
const gatewayOf = (mostSessions = 1000) => {
  const directory = createDirectory(() => 0, createSessionRoom(mostSessions))
  const rollout = (canary: Partial<Canary>): void => {
    const model: Model = {
      ...{ namespace: 'shop', name: 'support', timeoutMs: 1000, endpoints },
      canary: { weight: 10, step: 1, revision: 'run-1', sticky: 'x-session', ...canary },
    }
    directory.apply([model])
    for (const track of ['stable', 'canary'] as const)
      for (const upstream of directory.find('shop/support')?.upstreams(track) ?? []) upstream.asked = 20
  }
  rollout({})
  const draw = (session?: string): Draw => {
    const drawn = directory.find('shop/support')?.draw((name) => (name === 'x-session' ? session : undefined))
    assert.ok(drawn)
    return drawn
  }
  return {
    rollout,
    draw,
    ask: (session: string | undefined, isError = false): Draw => {
      const drawn = draw(session)
      countAttempt(drawn.cell, { track: drawn.track, isError, ms: 1, session: drawn.session })
      return drawn
    },
  }
}

const sessions = Array.from({ length: 20_000 }, (_, at) => `session ${at}`)

describe('sticky sessions', () => {
  test('go to the same track at every gateway, with the chance of the weight', () => {
    const [one, other] = [gatewayOf(), gatewayOf()]
    const tracks = sessions.map((session) => one.draw(session).track)
    assert.deepEqual(
      sessions.map((session) => other.draw(session).track),
      tracks,
    )
    const share = tracks.filter((track) => track === 'canary').length / sessions.length
    // Four standard deviations of a share of 10 % among 20,000.
    assert.ok(Math.abs(share - 0.1) < 0.0085, `${share} of the sessions go to the canary`)
  })

  test('stay with the canary while its weight rises, and are placed anew by another rollout', () => {
    const gateway = gatewayOf()
    const canaryAt = (canary: Partial<Canary>): ReadonlySet<string> => {
      gateway.rollout(canary)
      return new Set(sessions.filter((session) => gateway.draw(session).track === 'canary'))
    }
    const early = canaryAt({ weight: 10 })
    const late = canaryAt({ weight: 50, step: 2 })
    assert.ok([...early].every((session) => late.has(session)))
    const another = canaryAt({ weight: 10, revision: 'run-2' })
    assert.ok([...early].filter((session) => another.has(session)).length < early.size / 2)
  })

  test('count once in a step and track, with one error in the whole rollout', () => {
    const gateway = gatewayOf()
    const of = (track: string): string =>
      sessions.find((session) => gateway.draw(session).track === track) ?? ''
    const [early, late] = [
      of('canary'),
      sessions.find((session) => {
        gateway.rollout({})
        const before = gateway.draw(session).track
        gateway.rollout({ weight: 50, step: 2 })
        return before === 'stable' && gateway.draw(session).track === 'canary'
      }) ?? '',
    ]
    gateway.rollout({})
    for (let round = 0; round < 3; round++) gateway.ask(late, true)
    const first = gateway.ask(early).cell.counts
    gateway.rollout({ weight: 50, step: 2 })
    for (let round = 0; round < 3; round++) gateway.ask(late, true)
    const second = gateway.ask(early, true).cell.counts
    const counted = [first.stable, first.canary, second.canary].map(({ requests, errors }) => [
      requests,
      errors,
    ])
    assert.deepEqual(counted, [
      [1, 1],
      [1, 0],
      [2, 1],
    ])
  })

  test('without the header each request is a session of its own, of the exact share', () => {
    const gateway = gatewayOf()
    const drawn = Array.from({ length: 100 }, () => gateway.ask(undefined, true))
    assert.equal(drawn.filter(({ track }) => track === 'canary').length, 10)
    assert.equal(drawn[0]?.cell.counts.canary.errors, 10)
  })

  test('that find no room keep their track, and are counted as uncounted only', () => {
    const gateway = gatewayOf(50)
    const tracks = sessions.slice(0, 60).map((session) => gateway.ask(session).track)
    const { cell } = gateway.ask(sessions[0])
    assert.equal(cell.counts.stable.requests + cell.counts.canary.requests, 50)
    assert.equal(cell.counts.uncounted, 10)
    assert.deepEqual(
      sessions.slice(0, 60).map((session) => gateway.draw(session).track),
      tracks,
    )
    gateway.rollout({ revision: 'run-2' })
    gateway.ask('another')
    assert.equal(
      gateway.ask('one more').cell.counts.uncounted,
      0,
      'the room of a rollout that is over is free',
    )
  })
})
