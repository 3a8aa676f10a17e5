/** Python programs that measurements run: each in a virtual environment of its own, made on first use from pinned versions. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from '../local-cluster/machine/command.ts'
import { pathsFrom } from '../local-cluster/paths.ts'

const { cache } = pathsFrom(process.env)

/** Paths of the cache, which is outside of the work tree and kept. */
export const cached = (...parts: readonly string[]): string => join(cache, ...parts)

export const digestOf = (...files: readonly string[]): string => {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * @param requirements file of pinned packages
 * @param folder of the environment, without what tells its versions
 * @returns folder with the environment's programs, `python` among them
 * @throws Error where Python is missing, CommandError where a package is
 */
export const pythonWith = async (requirements: string, folder: string): Promise<string> => {
  const environment = `${folder}-${digestOf(requirements)}`
  const complete = join(environment, 'complete')
  if (!(await exists(complete))) {
    console.log(`installing ${requirements} into ${environment}`)
    await rm(environment, { recursive: true, force: true })
    await mkdir(dirname(environment), { recursive: true })
    await run('python3', ['-m', 'venv', environment]).catch((cause: unknown) => {
      throw new Error('this measurement needs Python 3.11 with venv (Debian: apt-get install python3-venv)', {
        cause,
      })
    })
    const quiet = ['--quiet', '--disable-pip-version-check']
    await run(join(environment, 'bin/pip'), ['install', ...quiet, '-r', requirements])
    await writeFile(complete, '')
  }
  return join(environment, 'bin')
}
