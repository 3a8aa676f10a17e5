/**
 * The HTTP/2 stream below a call, which grpc-js keeps to itself: its interceptors see whole messages only, in the memory that
 * they have taken. What is looked at is checked, so that another version of the library fails at its first call.
 */
import type { ServerHttp2Stream } from 'node:http2'
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js'
import type { Coding } from '../requests/unpacking.ts'

interface Inside {
  readonly stream?: ServerHttp2Stream
  incomingEncoding?: string
}

const insideOf = (call: ServerInterceptingCallInterface): Inside => call as Inside

export const streamOf = (call: ServerInterceptingCallInterface): ServerHttp2Stream => {
  const { stream } = insideOf(call)
  if (stream && typeof stream.close === 'function') return stream
  throw new Error('this version of grpc-js shows no stream; grpc/own-stream.ts has to be adapted')
}

/**
 * Has the messages of a call come as they were sent, so that they are unpacked here, some at a time: the library would unpack
 * those of all calls at once.
 * @returns undefined where they are not compressed, or in a way that the library refuses
 */
export const takeCoding = (call: ServerInterceptingCallInterface): Coding | undefined => {
  const inside = insideOf(call)
  const { incomingEncoding } = inside
  if (typeof incomingEncoding !== 'string')
    throw new Error('this version of grpc-js shows no encoding; grpc/own-stream.ts has to be adapted')
  if (incomingEncoding !== 'gzip' && incomingEncoding !== 'deflate') return undefined
  inside.incomingEncoding = 'identity'
  return incomingEncoding
}
