/**
 * Calls for which nothing is computed: those that need no API key, those that were refused, and those whose message is on
 * its way. The one that began first makes room for a further call, since callers without a key would else shut out those
 * with one.
 */
import { constants, type ServerHttp2Stream } from 'node:http2'

export interface Yielding {
  /** A stream was opened; its headers are not known yet. */
  readonly begin: (stream: ServerHttp2Stream) => void
  /** The caller was admitted; the message has not arrived. */
  readonly admitted: (stream: ServerHttp2Stream) => void
  /** The call is computed, or has ended. */
  readonly end: (stream: ServerHttp2Stream) => void
  /** Ends one of these calls. @returns whether there was one */
  readonly makeRoom: () => boolean
}

export const createYielding = (): Yielding => {
  const open = new Set<ServerHttp2Stream>()
  const arriving = new Set<ServerHttp2Stream>()
  const end: Yielding['end'] = (stream) => {
    if (!open.delete(stream)) arriving.delete(stream)
  }
  return {
    begin: (stream) => void open.add(stream),
    admitted: (stream) => {
      open.delete(stream)
      arriving.add(stream)
    },
    end,
    makeRoom: () => {
      const stream = open.keys().next().value ?? arriving.keys().next().value
      if (!stream) return false
      end(stream)
      // No status is sent: a client that does not read would keep it from leaving.
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM)
      stream.destroy()
      return true
    },
  }
}
