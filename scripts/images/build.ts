/**
 * Builds the images of a release, and pushes them:
 *   npm run images -- --registry registry.example.com/team --tag 0.1.0 [--cuda] [--push] [--engine podman]
 * Nothing is built from a base without a digest, nor from one that its registry does not have.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { committedFaults, readBases, registryFaults } from './bases.ts'

export interface Release {
  readonly registry: string
  readonly tag: string
  readonly cuda: boolean
  readonly push: boolean
}

const plain = {
  operator: 'operator/Dockerfile',
  'inference-server': 'inference-server/Dockerfile',
  optimizer: 'optimizer/Dockerfile',
  gateway: 'gateway/Dockerfile',
  'model-store': 'examples/Dockerfile',
} as const
const cudaDockerfile = 'inference-server/Dockerfile.cuda'

/** Arguments of the engine, one list a call, in order: the image with CUDA is built on the plain one. */
export const calls = ({ registry, tag, cuda, push }: Release): readonly (readonly string[])[] => {
  const named = (image: string): string => `${registry}/gantry/${image}:${tag}`
  const builds = Object.entries(plain).map(([image, file]) => [
    'build',
    '--file',
    file,
    '--tag',
    named(image),
    '.',
  ])
  const names = Object.keys(plain).map(named)
  if (cuda) {
    const server = ['--build-arg', `SERVER_IMAGE=${named('inference-server')}`]
    builds.push(['build', '--file', cudaDockerfile, ...server, '--tag', named('inference-server-cuda'), '.'])
    names.push(named('inference-server-cuda'))
  }
  return [...builds, ...(push ? names.map((name) => ['push', name]) : [])]
}

/** @throws Error that lists every fault */
export const refuseUnpinned = (faults: readonly string[]): void => {
  if (faults.length > 0) throw new Error(`no image is built, because of its bases:\n${faults.join('\n')}`)
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      registry: { type: 'string' },
      tag: { type: 'string' },
      engine: { type: 'string', default: 'docker' },
      cuda: { type: 'boolean', default: false },
      push: { type: 'boolean', default: false },
    },
  })
  const { registry, tag, engine, cuda, push } = values
  if (!registry || !tag) throw new Error('--registry and --tag are needed')
  refuseUnpinned(committedFaults())
  const { faults, notes } = await registryFaults(readBases())
  for (const note of notes) console.log(note)
  refuseUnpinned(faults)
  const cwd = join(import.meta.dirname, '../..')
  for (const call of calls({ registry, tag, cuda, push }))
    execFileSync(engine, call, { cwd, stdio: 'inherit' })
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
