import { mounts } from '@gantry/contract/server.ts'
import type { ReconcileConfig } from '../config.ts'
import type { CaBundle } from '../import-config.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { literal } from './literal.ts'

export const caVolume = 'ca-bundle'
const caFile = 'ca.crt'

const isDownload = ({ spec }: ModelDeployment): boolean => /^https?:/i.test(spec.model.source.uri ?? '')

/** What spec names goes before what the installation names. */
const caBundleOf = (model: ModelDeployment, { imports }: ReconcileConfig): CaBundle | undefined => {
  const own = model.spec.storage?.import?.caBundle
  return own ? { configMap: own.configMapRef.name, key: own.key ?? caFile } : imports.caBundle
}

const proxyEnvironment = ({ imports: { proxy } }: ReconcileConfig) =>
  Object.entries({
    HTTPS_PROXY: proxy.https ?? '',
    HTTP_PROXY: proxy.http ?? '',
    NO_PROXY: (proxy.https ?? proxy.http) ? proxy.noProxy.join(',') : '',
  })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, value: literal(value) }))

/** How an import gets to a source that is downloaded: through which proxy, and whose certificates it trusts beside the well-known ones. */
export const importNetwork = (model: ModelDeployment, config: ReconcileConfig) => {
  if (!isDownload(model)) return { options: {}, env: [], volumes: [], volumeMounts: [] }
  const env = proxyEnvironment(config)
  const bundle = caBundleOf(model, config)
  if (!bundle) return { options: {}, env, volumes: [], volumeMounts: [] }
  const items = [{ key: bundle.key, path: caFile }]
  return {
    options: { 'ca-file': `${mounts.caBundle}/${caFile}` },
    env,
    volumes: [{ name: caVolume, configMap: { name: bundle.configMap, items } }],
    volumeMounts: [{ name: caVolume, mountPath: mounts.caBundle, readOnly: true }],
  }
}
