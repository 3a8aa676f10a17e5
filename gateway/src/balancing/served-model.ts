/** A model while the gateway serves it: its endpoints, which of them gets a request, and what that came to. */
import type { Track } from '@gantry/contract/gateway.ts'
import { type Canary, type Endpoint, keyOf, type Model } from '../models/model.ts'
import type { Trust } from '../tls/certificate.ts'
import { createCanaryBlocks } from './canary-blocks.ts'
import { type Chooser, createChooser } from './choose.ts'
import { createDemandBook, type DemandBook, type DemandCell } from './demand-book.ts'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'
import type { SessionRoom } from './session-book.ts'
import { type Session, sessionOf, trackOfSession } from './sticky.ts'
import { createUpstream, type Upstream } from './upstream.ts'

export interface Draw {
  readonly track: Track
  /** The cell in which the first attempt is counted. */
  readonly cell: DemandCell
  /** Whether it counts: what is asked while a pod of the canary is cold would blame the canary for that. */
  readonly isCounted: boolean
  /** Id of the session that it belongs to. */
  readonly session: string | undefined
}

/** Value of a header of the request; undefined where it has none. */
export type HeaderValue = (name: string) => string | undefined

/** First requests of each pod of a canary that do not count, and with them what stable gets meanwhile. */
const warmUpRequests = 20

export interface ServedModel {
  /** NAMESPACE/NAME. */
  readonly key: string
  /** What is known of it now. */
  readonly model: () => Model
  readonly upstreams: (track: Track) => readonly Upstream[]
  readonly chooser: (track: Track) => Chooser
  readonly budget: RetryBudget
  readonly demand: DemandBook
  /** The track of the next request; undefined where no endpoint is ready. */
  readonly draw: (header: HeaderValue) => Draw | undefined
  /** Endpoints that stay keep their connections and counts. */
  readonly apply: (model: Model) => void
  /** Calls back after each change of its endpoints; one listener. */
  readonly onChange: (listener: (isGone: boolean) => void) => void
  /** The model is gone; what is under way is still answered. */
  readonly close: () => void
}

const other = { stable: 'canary', canary: 'stable' } as const

const identityOf = ({ url, grpcUrl, track }: Pick<Endpoint, 'url' | 'grpcUrl' | 'track'>): string =>
  `${track} ${url} ${grpcUrl ?? ''}`

/** A request that names no session stands by itself, as one of a rollout that is not sticky. */
const sessionIn = (canary: Canary | undefined, header: HeaderValue): Session | undefined => {
  if (canary?.sticky === undefined) return undefined
  const value = header(canary.sticky)
  return value === undefined || value === '' ? undefined : sessionOf(canary.revision, value)
}

const leave = (upstream: Upstream): void => {
  upstream.isGone = true
  upstream.whenGone?.()
  // It settles when the last answer has been read; errors reach the requests themselves.
  upstream.pool.close().catch(() => {})
}

export const createServedModel = (
  first: Model,
  nowMs: () => number,
  room: SessionRoom,
  trust?: Trust,
): ServedModel => {
  let model = first
  let byTrack: Readonly<Record<Track, readonly Upstream[]>> = { stable: [], canary: [] }
  const choosers = {
    stable: createChooser(() => byTrack.stable),
    canary: createChooser(() => byTrack.canary),
  }
  const drawByBlock = createCanaryBlocks()
  const demand = createDemandBook(room)
  let changed = (_isGone: boolean): void => {}

  const adopt = (next: Model, newSinceMs: number): void => {
    const known = new Map([...byTrack.stable, ...byTrack.canary].map((one) => [identityOf(one), one]))
    // A list may name an endpoint twice: its connections would then be nobody's to close.
    const byIdentity = new Map(next.endpoints.map((endpoint) => [identityOf(endpoint), endpoint]))
    const kept = [...byIdentity].map(
      ([identity, endpoint]) => known.get(identity) ?? createUpstream(endpoint, newSinceMs, trust),
    )
    for (const upstream of known.values()) if (!kept.includes(upstream)) leave(upstream)
    byTrack = {
      stable: kept.filter(({ track }) => track === 'stable'),
      canary: kept.filter(({ track }) => track === 'canary'),
    }
    model = next
  }
  adopt(first, Number.NEGATIVE_INFINITY)

  /** The drawn weight is the one that could be kept: a track without a ready endpoint leaves all requests to the other. */
  const weightNow = (): number => {
    if (byTrack.canary.length === 0) return 0
    return byTrack.stable.length === 0 ? 100 : (model.canary?.weight ?? 0)
  }
  return {
    key: keyOf(first),
    model: () => model,
    upstreams: (track) => byTrack[track],
    chooser: (track) => choosers[track],
    budget: createRetryBudget(),
    demand,
    draw: (header) => {
      const weight = weightNow()
      const session = sessionIn(model.canary, header)
      const track = session ? trackOfSession(session, weight) : drawByBlock(weight)
      const isServed = byTrack[track].length > 0 || byTrack[other[track]].length > 0
      if (!isServed) return undefined
      const isCompared = weight > 0 && weight < 100
      const isCounted = !isCompared || byTrack.canary.every(({ asked }) => asked >= warmUpRequests)
      return { track, cell: demand.cell(model.canary, weight), isCounted, session: session?.id }
    },
    apply: (next) => {
      adopt(next, nowMs())
      changed(false)
    },
    onChange: (listener) => {
      changed = listener
    },
    close: () => {
      demand.close()
      for (const upstream of [...byTrack.stable, ...byTrack.canary]) leave(upstream)
      byTrack = { stable: [], canary: [] }
      changed(true)
    },
  }
}
