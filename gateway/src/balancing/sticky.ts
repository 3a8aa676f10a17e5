/** Requests of one session go to the same track. Its place follows from its name alone, so that it is the same at all gateways. */
import { hash } from 'node:crypto'
import type { Track } from '@gantry/contract/gateway.ts'

export interface Session {
  /** Twelve bytes, by which it is remembered. */
  readonly id: string
  /** A number from 0 to below 1, uniform over sessions: the chance of each to be below the weight is the weight. */
  readonly place: number
}

const idBytes = 12
const placeBytes = 6

/** @param run of the rollout; another one places sessions anew @param value of the header that names the session */
export const sessionOf = (run: string, value: string): Session => {
  const digest = hash('sha256', `${run}\0${value}`, 'buffer')
  return {
    id: digest.toString('latin1', 0, idBytes),
    place: digest.readUIntBE(idBytes, placeBytes) / 2 ** (8 * placeBytes),
  }
}

/** A weight that rises gives sessions to the canary, and none back to stable. @param weight percent */
export const trackOfSession = ({ place }: Session, weight: number): Track =>
  place * 100 < weight ? 'canary' : 'stable'
