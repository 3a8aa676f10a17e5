import { ApiError } from './errors.ts'
import type { KubernetesObject } from './objects.ts'

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
export const watchEvents = async function* (
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
