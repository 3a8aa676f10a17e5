/** The proxies that the gateway is measured beside: packages of Debian and PyPI, unpacked into the cache. */
import { globSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../local-cluster/machine/command.ts'
import { cached, exists, pythonWith } from '../python.ts'

/** HAProxy of Debian 12 (2.6), and the libraries that it is linked with. */
const packages = ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1']

export interface Binaries {
  readonly haproxy: string
  /** Folder of the libraries of HAProxy. */
  readonly libraries: string
  readonly envoy: string
  readonly traefik: string
}

/** @throws CommandError where a package cannot be had */
const unpackDebian = async (folder: string): Promise<void> => {
  if (await exists(folder)) return
  console.log(`downloading ${packages.join(', ')} into ${folder}`)
  const unfinished = `${folder}.tmp`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  await run('sh', ['-c', `cd "$1" && shift && apt-get download -q "$@"`, 'sh', unfinished, ...packages])
  for (const file of globSync(join(unfinished, '*.deb'))) await run('dpkg', ['-x', file, unfinished])
  await rename(unfinished, folder)
}

const pythonPrograms = (): Promise<string> =>
  pythonWith(join(import.meta.dirname, 'requirements.txt'), cached('bench-proxies', 'python'))

/** @returns path of the program */
export const findTraefik = async (): Promise<string> => join(await pythonPrograms(), 'traefik')

export const findBinaries = async (): Promise<Binaries> => {
  const debian = cached('bench-proxies', 'debian')
  await unpackDebian(debian)
  const programs = await pythonPrograms()
  const [envoy = 'envoy'] = globSync(join(programs, '../lib/python*/site-packages/envoy/_bin/envoy'))
  const [libraries = ''] = globSync(join(debian, 'usr/lib/*-linux-gnu'))
  return { haproxy: join(debian, 'usr/sbin/haproxy'), libraries, envoy, traefik: join(programs, 'traefik') }
}
