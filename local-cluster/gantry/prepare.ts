/** Brings up the local cluster with Gantry and the model store in it. Repeats only what is missing or changed. */
import { join } from 'node:path'
import { binFolder } from '../binaries/binaries.ts'
import { up } from '../cluster.ts'
import { imageStore } from '../images/images.ts'
import { localKubeconfig, localKubectl, localPaths } from '../local.ts'
import { withLock } from '../machine/lock.ts'
import { noProgress, type Progress } from '../progress.ts'
import { createNamespace, install, type Target } from './install.ts'
import { customMetricsValues, ensureMetricsCertificate } from './metrics-certificate.ts'

const root = join(import.meta.dirname, '../..')

/** The registry `localhost` never pulls from anywhere: these images are loaded into the node. */
const registry = 'localhost'

/** Repository below gantry/, and its Dockerfile. */
const images = {
  operator: 'operator/Dockerfile',
  'inference-server': 'inference-server/Dockerfile',
  optimizer: 'optimizer/Dockerfile',
  gateway: 'gateway/Dockerfile',
  'model-store': 'examples/Dockerfile',
} as const

type ImageName = keyof typeof images

type Images = Readonly<Record<ImageName, string>>

/** Builds what changed, and loads it into the running cluster. @returns names with tags */
export const buildImages = async (progress: Progress): Promise<Images> => {
  const store = imageStore(localPaths, process.env, progress)
  const names: [string, string][] = []
  for (const [name, dockerfile] of Object.entries(images)) {
    const source = { name: `${registry}/gantry/${name}`, dockerfile: join(root, dockerfile), context: root }
    const built = await store.build(source)
    await store.load(built.name)
    names.push([name, built.name])
  }
  return Object.fromEntries(names) as Record<ImageName, string>
}

/** Whether all images were built before; their sources may have changed since. */
export const imagesWereBuilt = async (): Promise<boolean> => {
  const store = imageStore(localPaths, process.env, noProgress)
  const built = Object.keys(images).map((name) => store.wasBuilt(`${registry}/gantry/${name}`))
  return (await Promise.all(built)).every(Boolean)
}

const belowRegistry = (image: string): string => image.slice(registry.length + 1)

interface Preparation {
  readonly progress: Progress
  /** Chart values beside those of the images. */
  readonly values?: Target['values']
  /** Whether the operator serves metrics of models to autoscalers, with a certificate of its own. */
  readonly customMetrics?: boolean
}

export const startCluster = (progress: Progress): Promise<void> =>
  withLock(
    'cluster',
    () => up(localPaths, process.env, progress),
    () => progress.now('waiting for another process that starts or ends the cluster'),
  )

export const installImages = (built: Images, { progress, values }: Preparation): Promise<void> =>
  install({
    kubectl: localKubectl(),
    helm: [join(binFolder(localPaths), 'helm'), '--kubeconfig', localKubeconfig],
    values: {
      'image.registry': registry,
      'image.operator': belowRegistry(built.operator),
      'image.server': belowRegistry(built['inference-server']),
      'image.optimizer': belowRegistry(built.optimizer),
      'image.gateway': belowRegistry(built.gateway),
      ...values,
    },
    storeImage: built['model-store'],
    progress,
  })

export const prepare = async (preparation: Preparation): Promise<void> => {
  await startCluster(preparation.progress)
  const built = await buildImages(preparation.progress)
  if (!preparation.customMetrics) return installImages(built, preparation)
  const kubectl = localKubectl()
  createNamespace(kubectl)
  await ensureMetricsCertificate(kubectl)
  await installImages(built, { ...preparation, values: { ...preparation.values, ...customMetricsValues } })
}
