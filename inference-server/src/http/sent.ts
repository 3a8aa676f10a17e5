import type { ServerResponse } from 'node:http'

/** Calls back when the answer has left; never where its caller has not taken it to its end, since it may still be on its way. */
export const whenSent = (response: ServerResponse, callback: () => void): void => {
  response.once('close', () => {
    if (response.writableFinished) callback()
  })
}
