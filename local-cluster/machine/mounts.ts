import { readFile } from 'node:fs/promises'
import { tryRun } from './command.ts'

/** Mountinfo writes blanks and the like as octal escapes. */
const unescaped = (path: string): string =>
  path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** Mount points at or below `folder`, the deepest first, out of the text of /proc/self/mountinfo. */
export const mountsBelow = (mountinfo: string, folder: string): readonly string[] =>
  mountinfo
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''))
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse() // the kernel lists them in the order of mounting

/** Unmounts everything at or below `folder`. @throws Error naming what cannot be unmounted */
export const unmountBelow = async (folder: string): Promise<void> => {
  const current = async () => mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), folder)
  for (const path of await current()) {
    const done = await tryRun('umount', [path])
    if (done === undefined) await tryRun('umount', ['--lazy', path])
  }
  const left = await current()
  if (left.length > 0)
    throw new Error(`still mounted: ${left.join(', ')}. Unmount by hand, then run down again`)
}
