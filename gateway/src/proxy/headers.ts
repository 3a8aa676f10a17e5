/** Headers on their way through: those that belong to one connection only stay behind. */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import { isSecure } from '../http/connections.ts'

/** RFC 9110, 7.6.1. Those that speak of the length of a body are written anew for each connection. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
])

/** The gateway writes these itself. */
const ours: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'traceparent',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  gatewayHeaders.balance,
  gatewayHeaders.authorization,
  // Only copies are marked, so that nobody hides a request from what its pod counts.
  gatewayHeaders.shadow,
])

/** Whether a header says nothing of who asks: it stays behind, or is the gateway's. */
export const isOfConnection = (name: string): boolean => {
  const lower = name.toLowerCase()
  return hopByHop.has(lower) || ours.has(lower)
}

/** Names in a Connection header, whose headers end with the connection, too. */
const namedIn = (connection: string | string[] | undefined): ReadonlySet<string> | undefined => {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined
  return new Set(
    String(connection)
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  )
}

/** Version 00 has four fields and no more; later ones may append some, which are for those who know them. */
const traceForm =
  /^(?!ff)(?:00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$|(?!00)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$)/

const hexadecimal = (): string => randomUUID().replaceAll('-', '')

/** The caller's trace, handed on; a new one where there is none, or one that is malformed. */
export const traceOf = ({ traceparent }: IncomingHttpHeaders): string =>
  typeof traceparent === 'string' && traceForm.test(traceparent)
    ? traceparent
    : `00-${hexadecimal()}-${hexadecimal().slice(16)}-00`

const pushed = (list: string[], name: string, value: string | string[]): void => {
  if (typeof value === 'string') list.push(name, value)
  else for (const one of value) list.push(name, one)
}

/** @param list names in lower case, and values, in turn */
export const valueIn = (list: readonly string[], name: string): string | undefined => {
  for (let at = 0; at < list.length; at += 2) if (list[at] === name) return list[at + 1]
  return undefined
}

/** Pushes all headers but those of the connection, and those that `isLeft`. */
const pushAll = (
  list: string[],
  headers: Readonly<Record<string, string | string[] | undefined>>,
  isLeft: (name: string) => boolean,
): void => {
  const named = namedIn(headers['connection'])
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || hopByHop.has(name) || named?.has(name) || isLeft(name)) continue
    pushed(list, name, value)
  }
}

/** The state belongs to a trace that has been replaced. */
const isOursOrState = (name: string): boolean => name === 'tracestate' || ours.has(name)
const isOurs = (name: string): boolean => ours.has(name)

/** @param contentLength of a body that is sent on as it comes @returns names and values in turn */
export const requestHeaders = (
  { headers, socket }: IncomingMessage,
  trace: string,
  contentLength?: string,
): string[] => {
  const list: string[] = []
  pushAll(list, headers, headers['traceparent'] === trace ? isOurs : isOursOrState)
  const { 'x-forwarded-for': before } = headers
  const from = socket.remoteAddress ?? 'unknown'
  list.push('traceparent', trace, 'x-forwarded-for', before === undefined ? from : `${before}, ${from}`)
  list.push('x-forwarded-proto', isSecure(socket) ? 'https' : 'http')
  if (headers.host !== undefined) list.push('x-forwarded-host', headers.host)
  if (contentLength !== undefined) list.push('content-length', contentLength)
  return list
}

const isEndpointOrTrack = (name: string): boolean =>
  name === gatewayHeaders.endpoint || name === gatewayHeaders.track
const isLengthToo = (name: string): boolean => name === 'content-length' || isEndpointOrTrack(name)

/** An answer 204 has no body, so that it may not say how long it is (RFC 9110, 8.6). */
const noContent = 204

/** @param extra names and values in turn @returns names and values in turn */
export const responseHeaders = (
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  extra: readonly string[],
): string[] => {
  const list: string[] = []
  pushAll(list, headers, status === noContent ? isLengthToo : isEndpointOrTrack)
  for (const one of extra) list.push(one)
  return list
}

/** Headers of a payload of a batch: JSON, whatever the batch came as. */
export const batchHeaders = (request: IncomingMessage, trace: string): string[] => {
  const all = requestHeaders(request, trace)
  const kept: string[] = []
  for (let at = 0; at < all.length; at += 2)
    if (!/^content-|^accept-encoding$/.test(all[at] as string))
      kept.push(all[at] as string, all[at + 1] as string)
  kept.push('content-type', 'application/json')
  return kept
}
