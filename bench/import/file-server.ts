/** A server of the files of a folder, with ranges; a process of its own, so that its work is not counted as that of who downloads. Prints its port. */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'

const [folder = '.', delay = '0'] = process.argv.slice(2)

/** Bytes read at a time: the server must not be what is measured. */
const highWaterMark = 1024 * 1024

const server = createServer((request, response) => {
  const path = join(folder, decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname))
  const { size, mtimeMs } = statSync(path)
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const send = (): void => {
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': size - from,
      etag: `"${size}-${mtimeMs}"`,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${size - 1}/${size}` } : {}),
    })
    pipeline(createReadStream(path, { start: from, highWaterMark }), response, () => undefined)
  }
  setTimeout(send, Number(delay))
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
