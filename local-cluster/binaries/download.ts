import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** How long a download may take before building is the better way. */
export interface Limits {
  /** Time until the first byte of an answer. The attempt costs this much where the server cannot be reached. */
  readonly answerMs: number
  /** Longest time between two pieces of the file. */
  readonly silenceMs: number
  /** Time for the whole file. Building takes about ten minutes. */
  readonly wholeMs: number
  /** Time after which the pace counts: a file that will not come within `wholeMs` is given up then. */
  readonly paceMs: number
  readonly maxBytes: number
}

export const defaultLimits: Limits = {
  answerMs: 4_000,
  silenceMs: 10_000,
  wholeMs: 300_000,
  paceMs: 20_000,
  maxBytes: 1 << 30,
}

/** Why there is no file. Only `wrong` is alarming: the bytes are not those that the project published. */
export type Refusal =
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'absent'; readonly why: string }
  | { readonly kind: 'slow'; readonly why: string }
  | { readonly kind: 'incomplete'; readonly why: string }
  | { readonly kind: 'wrong'; readonly why: string }

export type Download = { readonly kind: 'done' } | Refusal

export interface Source {
  readonly url: string
  readonly algorithm: 'sha256' | 'sha512'
  readonly digest: string
}

export interface DownloadOptions {
  /** Its proxy variables count. */
  readonly env: NodeJS.ProcessEnv
  readonly limits?: Limits
  /** @param total undefined where the server does not say it */
  readonly onBytes?: (received: number, total: number | undefined) => void
}

class Refused extends Error {
  override readonly name = 'Refused'
  readonly refusal: Refusal
  constructor(kind: Refusal['kind'], why: string) {
    super(why)
    this.refusal = { kind, why }
  }
}

const maxRedirects = 5

/** @throws Refused where no answer came in time */
const ask = (url: string, env: NodeJS.ProcessEnv, answerMs: number) =>
  new Promise<http.IncomingMessage>((resolve, reject) => {
    const client = url.startsWith('https:') ? https : http
    const agent = new client.Agent({ proxyEnv: env })
    const patience = setTimeout(
      () => request.destroy(new Refused('unreachable', `no answer within ${answerMs / 1000} s`)),
      answerMs,
    )
    const request = client.get(url, { agent, headers: { 'user-agent': 'gantry-local-cluster' } })
    request.once('response', resolve).on('error', reject)
    request.once('response', () => clearTimeout(patience)).once('close', () => clearTimeout(patience))
  })

/** @throws Refused where it leads from https to anything else */
export const redirectTarget = (url: string, location: string): string => {
  const target = new URL(location, url).href
  if (url.startsWith('https:') && !target.startsWith('https:')) {
    throw new Refused('absent', `it leads from https to ${target}`)
  }
  return target
}

/** @throws Refused where there are too many redirects, or an answer is none of a file */
const answerTo = async (
  address: string,
  env: NodeJS.ProcessEnv,
  limits: Limits,
): Promise<http.IncomingMessage> => {
  let url = address
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await ask(url, env, limits.answerMs)
    const { statusCode = 0, headers } = response
    if (statusCode === 200) return response
    response.destroy()
    if (statusCode < 300 || statusCode > 399 || !headers.location) {
      throw new Refused(statusCode >= 500 ? 'unreachable' : 'absent', `HTTP ${statusCode}`)
    }
    url = redirectTarget(url, headers.location)
  }
  throw new Refused('absent', `more than ${maxRedirects} redirects`)
}

/** Says why a file of `total` bytes will not be there in time, judged by the pace so far. */
const tooSlow = (
  received: number,
  total: number | undefined,
  elapsedMs: number,
  { wholeMs, paceMs }: Limits,
): string | undefined => {
  if (elapsedMs > wholeMs) return `not there after ${wholeMs / 1000} s`
  if (elapsedMs < paceMs || total === undefined) return undefined
  const expectedMs = (elapsedMs * total) / Math.max(received, 1)
  if (expectedMs <= wholeMs) return undefined
  const megabytes = (received / 1e6 / (elapsedMs / 1000)).toFixed(1)
  return `at ${megabytes} MB/s it would take ${Math.round(expectedMs / 60_000)} min`
}

const lengthOf = (response: http.IncomingMessage): number | undefined => {
  const text = response.headers['content-length']
  return text === undefined ? undefined : Number(text)
}

/** Ends a transfer that is silent or too slow for the limits. */
const watch = (response: http.IncomingMessage, limits: Limits, received: () => number): (() => void) => {
  const start = performance.now()
  const total = lengthOf(response)
  let lastBytes = 0
  let lastMs = start
  const timer = setInterval(
    () => {
      const now = performance.now()
      if (received() > lastBytes) lastMs = now
      lastBytes = received()
      if (now - lastMs > limits.silenceMs) {
        response.destroy(new Refused('slow', `nothing came for ${limits.silenceMs / 1000} s`))
        return
      }
      const slow = tooSlow(received(), total, now - start, limits)
      if (slow) response.destroy(new Refused('slow', slow))
    },
    Math.min(500, limits.silenceMs / 4),
  )
  return () => clearInterval(timer)
}

const receive = async (source: Source, file: string, options: DownloadOptions): Promise<void> => {
  const { env, limits = defaultLimits, onBytes } = options
  const response = await answerTo(source.url, env, limits)
  const total = lengthOf(response)
  const hash = createHash(source.algorithm)
  let received = 0
  const measured = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      received += chunk.length
      hash.update(chunk)
      onBytes?.(received, total)
      const over = received > limits.maxBytes
      done(over ? new Refused('wrong', `more than ${limits.maxBytes} bytes`) : null, chunk)
    },
  })
  const stop = watch(response, limits, () => received)
  try {
    await pipeline(response, measured, createWriteStream(file))
  } finally {
    stop()
  }
  const actual = hash.digest('hex')
  if (actual !== source.digest) {
    throw new Refused('wrong', `${source.algorithm} is ${actual}, not ${source.digest}`)
  }
}

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refused) return error.refusal
  const { code, message } = error as NodeJS.ErrnoException
  // The connection ended before the whole file was there.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || message === 'aborted') {
    return { kind: 'incomplete', why: 'the connection ended before the whole file was there' }
  }
  return { kind: 'unreachable', why: code ?? message }
}

/** Downloads a file and checks its digest; `file` is there only where both went well. */
export const download = async (source: Source, file: string, options: DownloadOptions): Promise<Download> => {
  try {
    await receive(source, file, options)
    return { kind: 'done' }
  } catch (error) {
    await rm(file, { force: true })
    return refusalOf(error)
  }
}
