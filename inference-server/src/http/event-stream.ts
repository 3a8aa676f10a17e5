/** Responses that are sent piece by piece, as server-sent events. */
import type { ServerResponse } from 'node:http'
import type { Failure } from '../failures/errors.ts'
import { openaiFailure } from '../openai/answer.ts'

/** What may wait in memory for a caller that reads slower than texts are written; a token takes about 250 bytes as an event. */
const mostUnreadBytes = 8 * 2 ** 20

const json = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`

/** The head goes out with the first event. A caller that does not read is cut off, and counts as gone. */
export const eventStream = (response: ServerResponse, withUsage: boolean) => {
  const write = (text: string): void => {
    if (response.destroyed) return
    if (response.writableLength > mostUnreadBytes) {
      response.destroy()
      return
    }
    if (!response.headersSent)
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        // This header keeps nginx from buffering the pieces.
        'x-accel-buffering': 'no',
      })
    response.write(text)
  }
  return {
    send: (value: unknown): void => write(json(withUsage ? { usage: null, ...(value as object) } : value)),
    end: (): void => {
      write('data: [DONE]\n\n')
      response.end()
    },
  }
}

/** Ends a stream that has begun: clients take this event for an error. */
export const failStream = (response: ServerResponse, failure: Failure): void => {
  if (response.destroyed) return
  response.end(json(openaiFailure(failure)))
}
