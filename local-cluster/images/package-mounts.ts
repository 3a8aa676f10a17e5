import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, tryRun } from '../machine/command.ts'
import type { Buildah } from './buildah.ts'

/** Settings of pip as the host has them, without those that mean paths or downloads of the host. */
const pipSettings = async (authorities: string | undefined): Promise<string> => {
  const index = (await tryRun('python3', ['-m', 'pip', 'config', 'get', 'global.index-url']))?.trim()
  return [
    '[global]',
    'cache-dir = /usr/local/etc/pip-cache',
    ...(index ? [`index-url = ${index}`] : []),
    ...(authorities ? ['cert = /usr/local/etc/ca.crt'] : []),
    '',
  ].join('\n')
}

/**
 * Lets npm and pip in a build use the host's registries, download caches and authorities; all of it is mounted, nothing stays.
 * A Dockerfile that runs pip gives it `PIP_CONFIG_FILE=/usr/local/etc/pip.conf`, which is not there elsewhere.
 */
export const packageMounts = async (buildah: Buildah, env: NodeJS.ProcessEnv): Promise<readonly string[]> => {
  const folder = join(buildah.folder, 'npm') // becomes /usr/local/etc, which the base images have and leave empty
  for (const cache of ['cache', 'pip-cache']) await mkdir(join(folder, cache), { recursive: true })
  const setting = async (key: string): Promise<string> => (await run('npm', ['config', 'get', key])).trim()
  const lines = [
    'cache=/usr/local/etc/cache',
    `registry=${await setting('registry')}`,
    'update-notifier=false',
  ]
  const authorities = env['NODE_EXTRA_CA_CERTS']
  if (authorities) {
    await copyFile(authorities, join(folder, 'ca.crt'))
    lines.push('cafile=/usr/local/etc/ca.crt')
  }
  await writeFile(join(folder, 'npmrc'), `${lines.join('\n')}\n`)
  await writeFile(join(folder, 'pip.conf'), await pipSettings(authorities))
  const cache = await setting('cache')
  await mkdir(cache, { recursive: true })
  return ['--volume', `${folder}:/usr/local/etc`, '--volume', `${cache}:/usr/local/etc/cache`]
}
