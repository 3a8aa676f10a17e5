/** Keeps a directory equal to the models of a cluster. It only reads. */
import { labels } from '@gantry/contract/labels.ts'
import type { KubeClient } from '@gantry/kube/client.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { createReflector, type ReflectorTiming } from '@gantry/kube/reflector.ts'
import { Namespace, Pod } from '@gantry/kube/resources.ts'
import { createStore, type Store } from '@gantry/kube/store.ts'
import type { Directory } from '../models/directory.ts'
import type { Certificate } from '../tls/certificate.ts'
import { createAddresses, plainAddress } from './addresses.ts'
import type { CallersWorld } from './callers.ts'
import { type KeptPod, keptModel, keptNamespace, keptPod, type LiveModel, ModelDeployment } from './live.ts'
import { modelOf } from './model-of.ts'
import { createNewcomers } from './newcomers.ts'

export interface WatchOptions {
  readonly kube: Pick<KubeClient, 'listAll' | 'watch'>
  readonly clock: Clock
  readonly log: Log
  /** The only namespace that is watched; undefined for all. */
  readonly namespace: string | undefined
  /** The release whose models have ports of their own, as NAMESPACE/RELEASE; undefined: none have. */
  readonly manager?: string | undefined
  /** undefined: the gateway speaks no TLS. */
  readonly certificate?: Pick<Certificate, 'covers' | 'onChange'> | undefined
  readonly timing?: Partial<ReflectorTiming>
}

export interface ClusterWatch extends CallersWorld {
  /** Waits for a pod that has the address, where none is known and that may change; undefined otherwise. */
  readonly awaited: (address: string) => Promise<void> | undefined
  /** Applies all models to the directory, and again after each change. Resolves when the signal has fired. */
  readonly run: (directory: Pick<Directory, 'apply'>, signal: AbortSignal) => Promise<void>
  /** Why the models are not known yet; undefined once they have been listed. They stay known when the API server is gone. */
  readonly unready: () => string | undefined
}

/** Changes come in groups: a rollout of many pods is applied a few times a second. */
const gatherMs = 50

const isOfModel = (object: KubernetesObject | undefined): boolean =>
  object?.metadata.labels?.[labels.model] !== undefined

export const createClusterWatch = ({
  namespace,
  manager,
  certificate,
  ...shared
}: WatchOptions): ClusterWatch => {
  const addresses = createAddresses()
  const newcomers = createNewcomers(shared.clock)
  let onChange = (): void => {}
  const stores = {
    models: createStore({
      kept: (object) => keptModel(object as LiveModel),
      onChange: () => onChange(),
    }),
    pods: createStore({
      kept: keptPod,
      indexed: [labels.model],
      onChange: (before, after) => {
        addresses.follow(before, after)
        newcomers.arrived((after as KeptPod | undefined)?.addresses ?? [])
        if (isOfModel(before) || isOfModel(after)) onChange()
      },
    }),
    namespaces: createStore({ kept: keptNamespace }),
  }
  const reflect = (resource: Resource, store: Store) => ({
    resource,
    ...createReflector({ ...shared, resource, store, selector: namespace ? { namespace } : {} }),
  })
  const reflectors = [
    reflect(ModelDeployment, stores.models),
    reflect(Pod, stores.pods),
    // Right after one namespace only, the account may not read what others are labelled with.
    ...(namespace ? [] : [reflect(Namespace, stores.namespaces)]),
  ]
  const unlisted = () =>
    reflectors.filter(({ isSynced }) => !isSynced()).map(({ resource }) => resource.plural)

  const modelsNow = () =>
    stores.models.all().map((object) => {
      const model = object as LiveModel
      const { name, namespace: its = '' } = model.metadata
      const pods = stores.pods.labelled(its, labels.model, name) as readonly KeptPod[]
      return modelOf(model, pods, { manager, certificate })
    })

  return {
    namespacesOf: addresses.namespacesOf,
    awaited: (address) =>
      addresses.namespacesOf(address).size > 0 ? undefined : newcomers.awaited(plainAddress(address)),
    isClient: (name) => stores.namespaces.get(undefined, name)?.metadata.labels?.[labels.client] === 'true',
    unready: () => {
      const missing = unlisted()
      return missing.length === 0 ? undefined : `${missing.join(', ')} have not been listed yet`
    },
    run: async (directory, signal) => {
      let cancel: (() => void) | undefined
      const apply = (): void => {
        cancel = undefined
        directory.apply(modelsNow())
      }
      const begin = (): void => {
        // An incomplete list would take endpoints away that are there.
        onChange = () => {
          cancel ??= shared.clock.after(gatherMs, apply)
        }
        // It may name other models from now on.
        certificate?.onChange(() => onChange())
        apply()
      }
      const all = Promise.all(reflectors.map(({ run }) => run(signal)))
      await Promise.race([Promise.all(reflectors.map(({ synced }) => synced)).then(begin), all])
      await all
      onChange = () => {}
      cancel?.()
    },
  }
}
