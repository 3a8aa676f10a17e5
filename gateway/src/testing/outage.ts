/** A way to the API server that can be cut. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Access } from '@gantry/kube/credentials.ts'
import { writeKubeconfig } from '../../../operator/src/testing/deadly-proxy.ts'

export interface Outage {
  /** Path of a kubeconfig that leads through it. */
  readonly kubeconfig: string
  /** Ends all connections, and each new one. */
  readonly cut: () => void
  readonly join: () => void
  /** Calls that found it cut. */
  readonly refused: () => number
  readonly close: () => Promise<void>
}

export const outage = async (access: Access): Promise<Outage> => {
  let isCut = false
  let refused = 0
  const server = createServer(async (incoming, outgoing) => {
    if (isCut) {
      refused += 1
      incoming.socket.destroy()
      return
    }
    const { headers, options } = await access.credentials()
    const { hostname, port } = access.server
    const { method, url: path } = incoming
    const target = { ...options, hostname, port, method, path, headers: { ...incoming.headers, ...headers } }
    const onward = secureRequest(target, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      outgoing.flushHeaders()
      answer.on('error', () => outgoing.destroy())
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = await mkdtemp(join(tmpdir(), 'gantry-outage-'))
  const kubeconfig = join(folder, 'kubeconfig')
  await writeKubeconfig(kubeconfig, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return {
    kubeconfig,
    cut: () => {
      isCut = true
      server.closeAllConnections()
    },
    join: () => {
      isCut = false
    },
    refused: () => refused,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}
