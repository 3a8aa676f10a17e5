/** The requests of the load: real samples of the data set, one in each, as they go over the wire. */
import type { Sample } from '../../datasets/sample.ts'
import type { RequestBody } from './request-body.ts'
import type { Story } from './story.ts'

/** Enough that answers are not those of one sample; few enough to be held by the thread that sends them. */
const mostRequests = 64
const mostBytes = 32 * 1024 * 1024

/** So many, evenly over the list. */
const spreadOver = <Item>(items: readonly Item[], count: number): readonly Item[] =>
  Array.from({ length: Math.min(count, items.length) }, (_, index) => {
    const at = Math.floor((index * items.length) / Math.min(count, items.length))
    return items[at] as Item
  })

const encoded = (path: string, { headers, content: body }: RequestBody): Uint8Array => {
  const content = typeof body === 'string' ? Buffer.from(body) : body
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${content.length}`,
  ].join('\r\n')
  return new Uint8Array(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), content]))
}

/** Whole HTTP/1.1 requests; at least one. */
export const loadRequests = async (
  samples: readonly Sample[],
  { path, body }: Pick<Story, 'path' | 'body'>,
): Promise<readonly Uint8Array[]> => {
  const requests: Uint8Array[] = []
  let bytes = 0
  for (const sample of spreadOver(samples, mostRequests)) {
    const request = encoded(path, await body([sample]))
    bytes += request.length
    if (requests.length > 0 && bytes > mostBytes) break
    requests.push(request)
  }
  return requests
}
