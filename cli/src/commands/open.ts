import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { explain } from '@gantry/kube/errors.ts'
import { findModel } from '../cluster/find.ts'
import { readyPod } from '../cluster/pods.ts'
import { clusterFailure } from '../cluster/refusals.ts'
import type { Model } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/parse.ts'
import { exitCodes, failed } from '../failure.ts'
import { hostOf, isSecure, needsKey, portOfPods } from '../models/address.ts'

const host = '127.0.0.1'
const mostPort = 65_535

/** The pod is chosen for each connection, so that one that ends is followed by another. */
const forward = async (session: Session, model: Model, socket: Socket): Promise<void> => {
  const { openTunnel } = await import('../cluster/tunnel.ts')
  const pod = await readyPod(session, model)
  const target = { namespace: model.metadata.namespace ?? '', pod: pod.metadata.name, port: portOfPods }
  const tunnel = await openTunnel(session, target)
  await Promise.all([pipeline(socket, tunnel), pipeline(tunnel, socket)])
}

const isAborted = (error: unknown): boolean =>
  /premature close|aborted|ECONNRESET|EPIPE/i.test(explain(error))

/** A connection that fails is told, and the next one is tried anew. */
const onConnection = (invocation: Invocation, session: Session, model: Model) => (socket: Socket) => {
  socket.on('error', () => {}) // pipeline tells it
  forward(session, model, socket).catch((error: unknown) => {
    socket.destroy()
    if (isAborted(error)) return // a caller that left
    const failure = clusterFailure(error)
    invocation.note(`a connection failed: ${failure?.message ?? explain(error)}`)
  })
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        failed(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is in use.`
            : `Port ${port} cannot be opened: ${error.code === 'EACCES' ? 'this account may not' : error.message}.`,
          'Choose another one with --port, or leave it out.',
          error,
        ),
      ),
    )
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })

const tellAddress = ({ print, note }: Invocation, model: Model, url: string): void => {
  const { name } = model.metadata
  print(url)
  note(`${name} answers there until Ctrl-C. ${url}/openapi.json describes what it takes.`)
  if (needsKey(model)) note('Requests need an API key: `Authorization: Bearer KEY`.')
  if (isSecure(model))
    note(
      `Its certificate is for ${hostOf(model)}: curl --connect-to ${hostOf(model)}:443:${new URL(url).host} https://${hostOf(model)}/v2`,
    )
}

export const open: Command = {
  name: 'open',
  summary: 'makes a model answer on a port of this machine, until Ctrl-C',
  about: 'Each connection goes to a pod that is ready, so that it goes on when pods are replaced.',
  arguments: [{ name: 'NAME', required: true, about: 'a model', completes: 'models' }],
  options: {
    port: { type: 'string', short: 'p', value: 'PORT', about: 'port of this machine; default: a free one' },
  },
  usesCluster: true,
  examples: [['open support --port 9000', 'curl http://127.0.0.1:9000/v2/models/support']],
  run: async (invocation) => {
    const { given, signal } = invocation
    const asked = wholeNumber('port', given.text('port') ?? '0', 0, mostPort)
    const session = await invocation.session()
    const model = await findModel(session, given.arguments[0] ?? '')
    await readyPod(session, model)
    const server = createServer({ allowHalfOpen: true }, onConnection(invocation, session, model))
    const port = await listen(server, asked)
    tellAddress(invocation, model, `${isSecure(model) ? 'https' : 'http'}://${host}:${port}`)
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve())
    })
    server.close()
    return exitCodes.done
  },
}
