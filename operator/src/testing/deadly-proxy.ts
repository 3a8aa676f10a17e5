import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { Access } from '@gantry/kube/credentials.ts'

export interface DeadlyProxy {
  readonly url: string
  /** Calls back once, right before or right after the n-th write from now on reaches the API server. */
  readonly arm: (when: 'before' | 'after', n: number, kill: () => void) => void
  /** Writes since it was last armed. */
  readonly writes: () => number
}

/** Leads to the API server, counts the writes that are not of leader election, and strikes at the one it was told. */
export const deadlyProxy = async (t: TestContext, access: Access): Promise<DeadlyProxy> => {
  let count = 0
  let trap: { readonly when: 'before' | 'after'; readonly n: number; readonly kill: () => void } | undefined
  const strike = (): void => {
    trap?.kill()
    trap = undefined
  }
  const isWrite = (method = '', path = ''): boolean => method !== 'GET' && !path.includes('/leases')

  const server = createServer(async (incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const isCounted = isWrite(method, path)
    if (isCounted) count += 1
    const isTheOne = isCounted && count === trap?.n
    if (isTheOne && trap?.when === 'before') {
      strike()
      incoming.socket.destroy()
      return
    }
    const { headers: ours, options } = await access.credentials()
    const { hostname, port, protocol } = access.server
    const send = protocol === 'https:' ? secureRequest : plainRequest
    const target = { ...options, hostname, port, method, path, headers: { ...headers, ...ours } }
    const onward = send(target, (answer) => {
      if (isTheOne) strike() // the write is done, but the operator is killed before its answer
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
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arm: (when, n, kill) => {
      count = 0
      trap = { when, n, kill }
    },
    writes: () => count,
  }
}

/** A kubeconfig that leads to `url` without credentials. */
export const writeKubeconfig = async (file: string, url: string): Promise<void> => {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    // client-node speaks plain HTTP only where TLS is not to be verified.
    clusters: [{ name: 'x', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'x', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    'current-context': 'x',
  }
  await writeFile(file, JSON.stringify(config))
}
