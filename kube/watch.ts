import { type OnCall, refusal } from './call.ts'
import { ApiError } from './errors.ts'
import type { KubernetesObject, Resource, Selector } from './objects.ts'
import { pathOf, query, selection } from './path.ts'
import type { Transport } from './transport.ts'

export interface WatchOptions {
  readonly resourceVersion: string
  /** Time after which the API server ends the watch. */
  readonly timeoutSeconds: number
  readonly signal: AbortSignal
  /** Called with every answer or chunk of the API server. */
  readonly onContact: () => void
}

/**
 * Changes after `resourceVersion`. Ends when the API server ends it; throws ApiError 410 when the resourceVersion
 * is too old: the API server may say so by status 410 or by an ERROR event.
 */
export type Watch = (
  resource: Resource,
  selector: Selector,
  options: WatchOptions,
) => AsyncGenerator<WatchEvent>

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: KubernetesObject
}

interface RawEvent {
  readonly type: WatchEvent['type'] | 'ERROR'
  readonly object: KubernetesObject & {
    readonly code?: number
    readonly reason?: string
    readonly message?: string
  }
}

const parse = (line: string): WatchEvent => {
  const { type, object } = JSON.parse(line) as RawEvent
  if (type !== 'ERROR') return { type, object }
  const { code = 500, reason = 'Unknown', message = 'the API server ended the watch with an error' } = object
  throw new ApiError(code, reason, message)
}

/**
 * Events of a watch, one JSON object per line. What follows the last newline is the rest of a broken connection and is
 * not an event.
 * @param onContact called with every chunk
 * @throws ApiError for an event of type ERROR, SyntaxError for a line that is not JSON
 */
const watchEvents = async function* (
  chunks: AsyncIterable<string>,
  onContact: () => void,
): AsyncGenerator<WatchEvent> {
  let rest = ''
  for await (const chunk of chunks) {
    onContact()
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield parse(line)
  }
}

export const createWatch = (transport: Pick<Transport, 'open'>, onCall: OnCall): Watch =>
  async function* (resource, selector, options) {
    const { resourceVersion, timeoutSeconds, signal, onContact } = options
    const following = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds }
    const path = pathOf(resource, selector.namespace) + query({ ...selection(selector), ...following })
    const response = await transport.open({ method: 'GET', path }, signal)
    const code = response.statusCode ?? 0
    onCall({ verb: 'watch', resource: resource.plural, code })
    response.setEncoding('utf8')
    if (code !== 200) {
      const body = (await response.toArray()).join('')
      throw refusal(`watch of ${resource.plural}`, { code, headers: response.headers, body })
    }
    onContact()
    try {
      yield* watchEvents(response, onContact)
    } finally {
      response.destroy()
    }
  }
