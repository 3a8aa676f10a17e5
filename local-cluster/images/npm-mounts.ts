import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../machine/command.ts'
import type { Buildah } from './buildah.ts'

/** Lets npm in a build use the host's registry, download cache and authorities; all of it is mounted, nothing stays. */
export const npmMounts = async (buildah: Buildah, env: NodeJS.ProcessEnv): Promise<readonly string[]> => {
  const folder = join(buildah.folder, 'npm') // becomes /usr/local/etc, which the base images have and leave empty
  await mkdir(join(folder, 'cache'), { recursive: true })
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
  const cache = await setting('cache')
  await mkdir(cache, { recursive: true })
  return ['--volume', `${folder}:/usr/local/etc`, '--volume', `${cache}:/usr/local/etc/cache`]
}
