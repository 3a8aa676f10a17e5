/** How a pod gets to a source that is downloaded: through which proxy, and whose certificates it trusts beside the well-known ones. */
import { mounts } from '@gantry/contract/server.ts'
import type { CaBundle, ImportConfig } from './import-config.ts'
import { literal } from './literal.ts'
import { addressOf, type Source } from './source.ts'

export const caVolume = 'ca-bundle'
export const caFile = 'ca.crt'

const proxyEnvironment = ({ proxy }: ImportConfig) =>
  Object.entries({
    HTTPS_PROXY: proxy.https ?? '',
    HTTP_PROXY: proxy.http ?? '',
    NO_PROXY: (proxy.https ?? proxy.http) ? proxy.noProxy.join(',') : '',
  })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, value: literal(value) }))

/**
 * @param sources of one pod
 * @param own the authorities that spec names, which go before those that the installation names
 */
export const importNetwork = (
  sources: readonly Source[],
  { imports }: { readonly imports: ImportConfig },
  own?: CaBundle,
) => {
  if (sources.every((source) => !addressOf(source, imports)))
    return { options: {}, env: [], volumes: [], volumeMounts: [] }
  const env = proxyEnvironment(imports)
  const bundle = own ?? imports.caBundle
  if (!bundle) return { options: {}, env, volumes: [], volumeMounts: [] }
  const items = [{ key: bundle.key, path: caFile }]
  return {
    options: { 'ca-file': `${mounts.caBundle}/${caFile}` },
    env,
    volumes: [{ name: caVolume, configMap: { name: bundle.configMap, items } }],
    volumeMounts: [{ name: caVolume, mountPath: mounts.caBundle, readOnly: true }],
  }
}
