import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'

/** What is wrong, one sentence each; empty when all is well. */
export type Check = () => readonly string[]

export interface Pages {
  readonly healthz: Check
  readonly readyz: Check
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> }
}

export interface HttpServer {
  readonly port: number
  readonly close: () => void
}

const answer = (response: ServerResponse, code: number, body: string, contentType = 'text/plain'): void => {
  response.writeHead(code, { 'Content-Type': contentType }).end(body)
}

const answerCheck = (response: ServerResponse, check: Check): void => {
  const problems = check()
  if (problems.length === 0) answer(response, 200, 'ok\n')
  else answer(response, 503, problems.map((problem) => `${problem}\n`).join(''))
}

/** Kubelets and Prometheus have a handful. Each takes some 20 KB, and the memory of the operator is that of all models. */
const mostConnections = 256

/** Ends the oldest connection when a port is full. If new ones were refused, a client that opens many would shut out the kubelet. */
const limitConnections = (server: Server): void => {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    if (open.size <= mostConnections) return
    const [oldest] = open
    if (oldest) open.delete(oldest)
    oldest?.destroy()
  })
}

/** Serves /healthz, /readyz and /metrics. @param port 0 takes any free one @throws Error when the port is taken */
export const serveHttp = async (port: number, pages: Pages): Promise<HttpServer> => {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'only GET\n')
    else if (path === '/healthz') answerCheck(response, pages.healthz)
    else if (path === '/readyz') answerCheck(response, pages.readyz)
    else if (path === '/metrics') {
      pages.metrics.text().then(
        (text) => answer(response, 200, text, pages.metrics.contentType),
        (error) => answer(response, 500, `${error}\n`),
      )
    } else answer(response, 404, 'there is /healthz, /readyz and /metrics\n')
  })
  limitConnections(server)
  server.listen(port)
  await once(server, 'listening')
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { port: (server.address() as AddressInfo).port, close }
}
