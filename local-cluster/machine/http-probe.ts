import { request } from 'node:https'

export type HttpsProbe = {
  readonly url: string
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string
  readonly cert?: string
  readonly key?: string
}

/** @returns the HTTP status, or undefined while there is no answer */
export const httpsStatus = ({ url, ...tls }: HttpsProbe): Promise<number | undefined> =>
  new Promise((resolve) => {
    const call = request(url, { ...tls, timeout: 2_000, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(undefined))
    call.end()
  })
