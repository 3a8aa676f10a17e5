/** HTTP on the level of bytes: sends bytes and collects those that come back. */
import { once } from 'node:events'
import { connect } from 'node:net'

/** How long a server may wait for more of a request before the caller gives up. */
const patienceMs = 50

/** Everything that comes back for `bytes` until the connection closes. */
export const exchange = async (port: number, bytes: Buffer | string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.write(bytes)
  const giveUp = setTimeout(() => socket.end(), patienceMs)
  await once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  clearTimeout(giveUp)
  return answer
}

export const statusesOf = (answer: string): readonly number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
