import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** @returns undefined when another process has it */
const acquire = (name: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(name, () => resolve(server))
  })

/**
 * Runs `work` while no other process on this machine holds the lock `name`. The lock is a socket in Linux's
 * abstract namespace: the kernel frees it however its holder ends, so there is no stale lock to recognise.
 * @param onWait called again and again while another process holds it
 */
export const withLock = async <T>(
  name: string,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> => {
  let held = await acquire(`\0gantry ${name}`)
  while (!held) {
    onWait()
    await sleep(200)
    held = await acquire(`\0gantry ${name}`)
  }
  try {
    return await work()
  } finally {
    held.close()
  }
}
