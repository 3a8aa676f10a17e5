/** Writes down what events cost the models that are asked meanwhile. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { BusyModel } from './busy-model.ts'
import { eventTable, type Row } from './event-table.ts'
import { addTallies, streams, type Tallies } from './traffic.ts'

export interface Event {
  readonly name: string
  readonly models: readonly BusyModel[]
  /** Whether it is promised that no request is lost; so it is unless told. */
  readonly promise?: Row['promise']
  /** Ends when the event and all that it brings about are over. */
  readonly happens: () => Promise<unknown>
}

export interface EventRecord {
  /** Lets an event happen and writes its row. @throws AssertionError where a request was lost that should not be */
  readonly during: (event: Event) => Promise<Tallies>
  /** Stops the requests. @returns the table */
  readonly close: (models: readonly BusyModel[]) => Promise<string>
}

const between = 'between the events'

/** Each stream must send at least this many requests, or the event proves nothing. */
const fewestRequests = 20

/** Requests go on for at least this long: what an event brings about may come after it. */
const shortestMs = 3000

const assertNoneLost = ({ event, tallies }: Row): void => {
  for (const stream of streams) {
    const { sent, lost, details } = tallies[stream]
    assert.deepEqual(
      lost,
      {},
      `${event}, ${stream} connections, of ${sent} requests:\n${details.slice(0, 20).join('\n')}`,
    )
    assert.ok(sent >= fewestRequests, `${event}, ${stream} connections: only ${sent} requests were sent`)
  }
}

export const recordEvents = (): EventRecord => {
  const rows: Row[] = []
  const takeAll = async (models: readonly BusyModel[]): Promise<Tallies> =>
    addTallies(await Promise.all(models.map(({ traffic }) => traffic.take())))
  const during: EventRecord['during'] = async ({ name, models, promise = 'none lost', happens }) => {
    rows.push({ event: between, promise: 'none lost', seconds: 0, tallies: await takeAll(models) })
    const startedMs = performance.now()
    let row: Row | undefined
    try {
      await happens()
      await pause(Math.max(0, startedMs + shortestMs - performance.now()))
    } finally {
      const tallies = await takeAll(models)
      row = { event: name, promise, seconds: (performance.now() - startedMs) / 1000, tallies }
      rows.push(row)
    }
    if (promise === 'none lost') assertNoneLost(row)
    return row.tallies
  }
  const close: EventRecord['close'] = async (models) => {
    const tallies = addTallies(await Promise.all(models.map(({ traffic }) => traffic.stop())))
    rows.push({ event: between, promise: 'none lost', seconds: 0, tallies })
    const [apart, events] = [
      rows.filter(({ event }) => event === between),
      rows.filter(({ event }) => event !== between),
    ]
    return eventTable([...events, ...apart])
  }
  return { during, close }
}
