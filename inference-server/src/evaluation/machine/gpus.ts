/** Names of the GPUs that this process may use, as NVIDIA's driver gives them. */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { plainText } from '@gantry/contract/plain-text.ts'

/** NVIDIA's container toolkit mounts it where the capability `utility` is asked for. */
const smiCommand = 'nvidia-smi'

export interface Driver {
  /** Name or path of nvidia-smi. */
  readonly command: string
  /** Folder with one folder for each GPU. */
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

export const usualDriver = (env: NodeJS.ProcessEnv): Driver => ({
  ...{ command: smiCommand, folder: '/proc/driver/nvidia/gpus', env },
})

/** Longest time that nvidia-smi gets, in milliseconds; it may take seconds to say that its kernel module is missing. */
const limitMs = 20_000

/** Characters of a name in a report. */
const longestName = 200

/** GPUs by index or UUID, as CUDA and nvidia-smi both take them; a container sees its own only. */
export const visibleGpus = ({ CUDA_VISIBLE_DEVICES: visible = '' }: NodeJS.ProcessEnv): readonly string[] =>
  /^[\w-]+(,[\w-]+)*$/.test(visible) ? [`--id=${visible}`] : []

const namesBySmi = async ({ command, env }: Driver): Promise<readonly string[]> => {
  const args = ['--query-gpu=name', '--format=csv,noheader', ...visibleGpus(env)]
  const { stdout } = await promisify(execFile)(command, args, { env, timeout: limitMs })
  return stdout.split('\n')
}

/** The driver's own files, which are there without nvidia-smi: a line `Model: NAME` for each GPU. */
const namesByDriver = async ({ folder }: Driver): Promise<readonly string[]> => {
  const folders = (await readdir(folder)).sort()
  const texts = folders.map((name) => readFile(join(folder, name, 'information'), 'utf8').catch(() => ''))
  return (await Promise.all(texts)).map((text) => /^Model:\s*(.*)$/m.exec(text)?.[1] ?? '')
}

/** `2 x NVIDIA L4` */
const counted = (names: readonly string[]): string =>
  [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => (all.length === 1 ? name : `${all.length} x ${name}`))
    .join(', ')

/** @returns undefined where there is no GPU of NVIDIA, or nothing says its name */
export const readGpus = async (driver: Driver): Promise<string | undefined> => {
  for (const read of [namesBySmi, namesByDriver]) {
    const lines = await read(driver).catch((): readonly string[] => [])
    const names = lines.map((line) => line.trim()).filter((name) => name !== '')
    if (names.length > 0) return plainText(counted(names), longestName)
  }
  return undefined
}
