/** Whether the certificates of endpoints can be verified, found out before a request depends on it. */
import { connect } from 'node:tls'
import { type GatewayTls, tracks } from '@gantry/contract/gateway.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { ServedModel } from '../balancing/served-model.ts'
import type { Upstream } from '../balancing/upstream.ts'
import type { Directory } from '../models/directory.ts'
import type { Certificate } from './certificate.ts'

export interface Proofs {
  /** Looks at endpoints that have come. */
  readonly follow: () => void
  /** Endpoints of a model that requests can be sent to. @param key NAMESPACE/NAME */
  readonly endpointsOf: (key: string) => number
  /** Why the certificates of models cannot be verified, of those of which none can. */
  readonly untrusted: () => GatewayTls['untrusted']
  readonly close: () => void
}

/** Handshakes of a pod take milliseconds; one that starts may be slow. */
const handshakeMs = 5_000
/** Time between attempts. A certificate that cannot be verified is exchanged by a person. */
const againMs = 5_000

/** @returns why its certificate cannot be verified, or it cannot be reached; undefined: it can */
const handshake = ({ url, verified }: Upstream): Promise<string | undefined> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const ca = verified?.trust.authorities()
    const socket = connect({
      ...{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), timeout: handshakeMs },
      ...{ servername: verified?.serverName ?? '', ALPNProtocols: ['http/1.1'] },
      ...(ca !== undefined && { ca }),
    })
    const end = (trouble?: string): void => {
      socket.destroy()
      resolve(trouble)
    }
    socket.once('secureConnect', () => end())
    socket.once('timeout', () => end('it does not answer'))
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.message))
  })

const upstreamsOf = (served: ServedModel): readonly Upstream[] =>
  tracks.flatMap((track) => served.upstreams(track))

export const createProofs = (
  directory: Pick<Directory, 'find' | 'all'>,
  clock: Pick<Clock, 'after'>,
): Proofs => {
  /** undefined: proven; a text: why it is not; absent: not tried yet. */
  const found = new WeakMap<Upstream, string | undefined>()
  const asked = new WeakSet<Upstream>()
  let isClosed = false
  const isProven = (upstream: Upstream): boolean =>
    !upstream.verified || (found.has(upstream) && found.get(upstream) === undefined)

  const prove = async (upstream: Upstream): Promise<void> => {
    const trouble = await handshake(upstream)
    found.set(upstream, trouble)
    if (trouble === undefined || upstream.isGone || isClosed) return
    clock.after(againMs, () => void prove(upstream))
  }
  return {
    follow: () => {
      for (const upstream of directory.all().flatMap(upstreamsOf)) {
        if (!upstream.verified || asked.has(upstream)) continue
        asked.add(upstream)
        void prove(upstream)
      }
    },
    endpointsOf: (key) => {
      const served = directory.find(key)
      return served ? upstreamsOf(served).filter(isProven).length : 0
    },
    untrusted: () =>
      directory.all().flatMap((served) => {
        const all = upstreamsOf(served)
        const [trouble] = all.flatMap((upstream) => found.get(upstream) ?? [])
        return trouble === undefined || all.some(isProven) ? [] : [{ model: served.key, message: trouble }]
      }),
    close: () => {
      isClosed = true
    },
  }
}

/** What a gateway tells of its certificate. */
export const tlsAnswer = (
  certificate: Pick<Certificate, 'names'> | undefined,
  proofs: Pick<Proofs, 'untrusted'>,
): { readonly tls?: GatewayTls } =>
  certificate ? { tls: { names: certificate.names(), untrusted: proofs.untrusted() } } : {}
