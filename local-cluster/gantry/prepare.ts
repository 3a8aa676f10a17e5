/** Brings up the local cluster with Gantry and the model store in it. Repeats only what is missing or changed. */
import { join } from 'node:path'
import { binFolder } from '../binaries/binaries.ts'
import { up } from '../cluster.ts'
import { imageStore } from '../images/images.ts'
import { localKubeconfig, localKubectl, localPaths } from '../local.ts'
import { withLock } from '../machine/lock.ts'
import { install, type Target } from './install.ts'

const root = join(import.meta.dirname, '../..')

/** The registry `localhost` never pulls from anywhere: these images are loaded into the node. */
const registry = 'localhost'

/** Repository below gantry/, and its Dockerfile. */
const images = {
  operator: 'operator/Dockerfile',
  'inference-server': 'inference-server/Dockerfile',
  'model-store': 'examples/Dockerfile',
} as const

type ImageName = keyof typeof images

const buildAndLoad = async (log: (line: string) => void): Promise<Readonly<Record<ImageName, string>>> => {
  const store = imageStore(localPaths, process.env, log)
  const names: [string, string][] = []
  for (const [name, dockerfile] of Object.entries(images)) {
    const source = { name: `${registry}/gantry/${name}`, dockerfile: join(root, dockerfile), context: root }
    const built = await store.build(source)
    await store.load(built.name)
    names.push([name, built.name])
  }
  return Object.fromEntries(names) as Record<ImageName, string>
}

const belowRegistry = (image: string): string => image.slice(registry.length + 1)

interface Preparation {
  readonly log: (line: string) => void
  /** Chart values beside those of the images. */
  readonly values?: Target['values']
}

export const prepare = async ({ log, values }: Preparation): Promise<void> => {
  await withLock('cluster', () => up(localPaths, process.env, log))
  const built = await buildAndLoad(log)
  await install({
    kubectl: localKubectl(),
    helm: [join(binFolder(localPaths), 'helm'), '--kubeconfig', localKubeconfig],
    values: {
      'image.registry': registry,
      'image.operator': belowRegistry(built.operator),
      'image.server': belowRegistry(built['inference-server']),
      ...values,
    },
    storeImage: built['model-store'],
    log,
  })
}
