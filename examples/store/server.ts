/** Serves the files of one folder over HTTP: `node server.ts FOLDER [PORT]`. No listings, no subfolders. */
import { createReadStream, type Stats, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'

/** A file name and nothing else: no slash, no leading dot, so nothing outside the folder can be named. */
const fileName = /^\/([A-Za-z0-9_-][A-Za-z0-9._-]*)$/

const fileAt = (folder: string, url: string): { path: string; stats: Stats } | undefined => {
  const name = fileName.exec(url.split('?', 1)[0] ?? '')?.[1]
  if (name === undefined) return undefined
  const path = join(folder, name)
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() ? { path, stats } : undefined
}

const say = (response: ServerResponse, status: number, sentence: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`)
}

const send = (request: IncomingMessage, response: ServerResponse, path: string, stats: Stats): void => {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': stats.size,
    'last-modified': stats.mtime.toUTCString(),
  })
  if (request.method === 'HEAD') response.end()
  else
    createReadStream(path)
      .on('error', () => response.destroy()) // the length is promised already: only a cut connection is honest now
      .pipe(response)
}

const answer = (folder: string, request: IncomingMessage, response: ServerResponse): void => {
  const file = fileAt(folder, request.url ?? '/')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    say(response, 405, 'only GET and HEAD are answered')
  } else if (request.url === '/healthz') say(response, 200, 'ok')
  else if (file) send(request, response, file.path, file.stats)
  else say(response, 404, `no such file: ${request.url}`)
}

/** @returns a server of the files directly in `folder`, not listening yet */
export const storeServer = (folder: string): Server =>
  createServer((request, response) => answer(folder, request, response))

if (import.meta.main) {
  const [folder, port = '8080'] = process.argv.slice(2)
  if (folder === undefined) {
    console.error('usage: node server.ts FOLDER [PORT]')
    process.exit(2)
  }
  const server = storeServer(folder).listen(Number(port), () =>
    console.log(`serving ${folder} on port ${port}`),
  )
  // Downloads under way are finished, then the process ends by itself.
  process.once('SIGTERM', () => server.close())
}
