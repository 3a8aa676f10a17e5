/** Requests for models that sleep wait in order of arrival until an endpoint is ready, within limits of number, bytes and time. */
import type { ServedModel } from '../balancing/served-model.ts'
import type { Failure } from '../failure.ts'
import { type Capacity, createCapacity, type HoldingLimits } from './capacity.ts'
import { deadlineOver, gatewayEnds, gone, mayNotWake, noRoom, notWoken, tooLong } from './refusals.ts'
import { newRoom, type Room, type Waiter } from './room.ts'

/** An inference for a model that may sleep. */
export interface Arrival {
  readonly served: ServedModel
  /** Size of its body in memory. */
  readonly bytes: number
  /** Longest wait that its caller allows, milliseconds; undefined where the caller says nothing. */
  readonly patienceMs?: number | undefined
  /** Whether a model may be woken for its caller. */
  readonly mayWake: boolean
  /** Sends it to an endpoint. */
  readonly start: (stay: Stay) => void
  readonly refuse: (failure: Failure) => void
}

/** One inference from its arrival to its end. */
export interface Stay {
  readonly isWaiting: () => boolean
  /** Its answer has begun. */
  readonly answered: () => void
  /** Its answer has ended, or its caller has left. It may be called again. */
  readonly ended: () => void
}

/** What is told of a model that may sleep. */
export interface Activity extends Pick<Room, 'requests' | 'inFlight' | 'wakes'> {
  readonly waiting: number
  /** Milliseconds since the last inference came or ended; undefined: none has come. */
  readonly idleMs: number | undefined
}

export interface Holding {
  /** @throws Failure forbidden */
  readonly arrive: (arrival: Arrival) => Stay
  readonly of: (served: ServedModel) => Activity
  /** Refuses what waits, and what would wait from now on. */
  readonly end: () => void
}

/** An endpoint gets so many of the requests that have waited at a time: its queue would refuse some of them all at once. */
const perEndpoint = 16

const endpointsOf = (served: ServedModel): number =>
  served.upstreams('stable').length + served.upstreams('canary').length

/** Starts as many as the endpoints may have. */
const release = (served: ServedModel, room: Room, capacity: Capacity): void => {
  const most = endpointsOf(served) * perEndpoint
  for (const waiter of room.queue) {
    if (room.released >= most) return
    capacity.remove(room, waiter)
    room.released += 1
    waiter.start()
  }
}

const refuseAll = (room: Room, failure: Failure, capacity: Capacity): void => {
  for (const waiter of [...room.queue]) {
    capacity.remove(room, waiter)
    waiter.refuse(failure)
  }
  room.heldSinceMs = undefined
}

interface HoldingWorld {
  readonly capacity: Capacity
  readonly limits: HoldingLimits
  readonly nowMs: () => number
  readonly isEnded: () => boolean
}

/** Waits, and is started or refused later. */
const wait = (
  { served, bytes, patienceMs = Number.POSITIVE_INFINITY, start, refuse }: Arrival,
  room: Room,
  { capacity, limits, nowMs }: HoldingWorld,
  stay: Stay,
): Waiter => {
  const late = setTimeout(
    () => {
      capacity.remove(room, waiter)
      if (room.queue.size === 0) room.heldSinceMs = undefined
      refuse(patienceMs < limits.ms ? deadlineOver(served) : tooLong(served, limits.ms))
    },
    Math.min(patienceMs, limits.ms),
  )
  const waiter: Waiter = {
    bytes,
    start: () => {
      clearTimeout(late)
      start(stay)
    },
    refuse: (failure) => {
      clearTimeout(late)
      refuse(failure)
    },
    left: () => clearTimeout(late),
  }
  capacity.add(room, waiter)
  if (endpointsOf(served) === 0) room.heldSinceMs ??= nowMs()
  return waiter
}

type Place = 'waits' | 'goesOn' | Failure

/**
 * What becomes of a request. Where there is no room behind those that wait, the endpoints decide.
 * @throws Failure forbidden where the model is not woken for its caller, who may be known in a moment
 */
const placeOf = ({ served, mayWake, bytes }: Arrival, room: Room, world: HoldingWorld): Place => {
  const shortage = world.capacity.shortage(room, bytes)
  if (endpointsOf(served) > 0)
    return room.queue.size === 0 || shortage || world.isEnded() ? 'goesOn' : 'waits'
  if (world.isEnded()) return gatewayEnds()
  if (served.model().sleep?.mayBeWoken !== true) return notWoken(served, true)
  if (!mayWake) throw mayNotWake(served)
  return shortage ? noRoom(served, shortage, room.lastWakeMs) : 'waits'
}

/** Whoever may not wake the model does not keep it awake either. What passes the servers' check of keys is in their own counters. */
const note = ({ mayWake }: Arrival, room: Room, nowMs: number): void => {
  if (mayWake) room.lastMs = nowMs
}

/** The time from the first request that was held to the first answer. */
const noteWake = (room: Room, nowMs: number): void => {
  if (room.heldSinceMs === undefined) return
  room.lastWakeMs = nowMs - room.heldSinceMs
  room.wakes.observe(room.lastWakeMs / 1000)
  room.heldSinceMs = undefined
}

const stayOf = (arrival: Arrival, room: Room, world: HoldingWorld): Stay => {
  const { served, mayWake, start, refuse } = arrival
  const { capacity, nowMs } = world
  let state: 'waiting' | 'running' | 'released' | 'over' = 'over'
  let waiter: Waiter | undefined
  const run = (how: 'running' | 'released'): void => {
    state = how
    room.inFlight += 1
    start(stay)
  }
  const end = (wasReleased: boolean): void => {
    room.inFlight -= 1
    note(arrival, room, nowMs())
    if (!wasReleased) return
    room.released -= 1
    release(served, room, capacity)
  }
  const stay: Stay = {
    isWaiting: () => state === 'waiting',
    answered: () => noteWake(room, nowMs()),
    ended: () => {
      const before = state
      state = 'over'
      if (before === 'running' || before === 'released') end(before === 'released')
      if (before !== 'waiting' || !waiter) return
      capacity.remove(room, waiter)
      waiter.left()
      if (room.queue.size === 0 && room.released === 0) room.heldSinceMs = undefined
    },
  }
  const refuseNow = (failure: Failure): void => {
    state = 'over'
    refuse(failure)
  }
  const place = placeOf(arrival, room, world)
  note(arrival, room, nowMs())
  if (mayWake) room.requests += 1
  if (place === 'goesOn') run('running')
  else if (place === 'waits') {
    state = 'waiting'
    waiter = wait({ ...arrival, refuse: refuseNow, start: () => run('released') }, room, world, stay)
  } else refuse(place)
  return stay
}

export const createHolding = (limits: HoldingLimits, nowMs: () => number): Holding => {
  const rooms = new WeakMap<ServedModel, Room>()
  const capacity = createCapacity(limits)
  let isEnded = false
  const world: HoldingWorld = { capacity, limits, nowMs, isEnded: () => isEnded }

  const roomOf = (served: ServedModel): Room => {
    const known = rooms.get(served)
    if (known) return known
    const room = newRoom()
    rooms.set(served, room)
    served.onChange((isGone) => {
      if (isGone) refuseAll(room, gone(served), capacity)
      else release(served, room, capacity)
    })
    return room
  }
  return {
    arrive: (arrival) => {
      return stayOf(arrival, roomOf(arrival.served), world)
    },
    of: (served) => {
      const { requests, inFlight, wakes, queue, lastMs } = roomOf(served)
      const idleMs = lastMs === undefined ? undefined : nowMs() - lastMs
      return { requests, inFlight, wakes, waiting: queue.size, idleMs }
    },
    end: () => {
      isEnded = true
      for (const room of capacity.occupied()) refuseAll(room, gatewayEnds(), capacity)
    },
  }
}
