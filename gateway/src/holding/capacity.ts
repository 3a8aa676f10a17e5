/** How much may wait, of all models together and of one. */
import type { Room, Waiter } from './room.ts'

export interface HoldingLimits {
  /** Requests that wait, of all models together. */
  readonly requests: number
  /** Bytes of their bodies in memory. */
  readonly bytes: number
  /** Longest wait. */
  readonly ms: number
}

/** What is used up. */
export type Shortage = 'model' | 'all'

export interface Capacity {
  /** Undefined where there is room for a request of this size. */
  readonly shortage: (room: Room, bytes: number) => Shortage | undefined
  readonly add: (room: Room, waiter: Waiter) => void
  readonly remove: (room: Room, waiter: Waiter) => void
  /** Rooms in which requests wait. */
  readonly occupied: () => readonly Room[]
}

/** Share of each limit that one model may have, so that others can still be woken. */
const modelShare = 0.5

export const createCapacity = (limits: HoldingLimits): Capacity => {
  const rooms = new Set<Room>()
  const total = { requests: 0, bytes: 0 }
  const isFull = (requests: number, bytes: number, share: number): boolean =>
    requests > Math.ceil(limits.requests * share) || bytes > limits.bytes * share
  return {
    shortage: ({ queue, bytes: held }, bytes) => {
      if (isFull(queue.size + 1, held + bytes, modelShare)) return 'model'
      return isFull(total.requests + 1, total.bytes + bytes, 1) ? 'all' : undefined
    },
    add: (room, waiter) => {
      room.queue.add(waiter)
      room.bytes += waiter.bytes
      total.requests += 1
      total.bytes += waiter.bytes
      rooms.add(room)
    },
    remove: (room, waiter) => {
      if (!room.queue.delete(waiter)) return
      room.bytes -= waiter.bytes
      total.requests -= 1
      total.bytes -= waiter.bytes
      if (room.queue.size === 0) rooms.delete(room)
    },
    occupied: () => [...rooms],
  }
}
