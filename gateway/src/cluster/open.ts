/** A gateway whose models are those of a cluster. */
import { createKube } from '@gantry/kube/client.ts'
import { systemClock } from '@gantry/kube/clock.ts'
import { findAccess, KubeconfigError } from '@gantry/kube/credentials.ts'
import { createTransport } from '@gantry/kube/transport.ts'
import type { GatewayOptions } from '../config/options.ts'
import { StartError } from '../failure.ts'
import { createAccounts } from '../identity/accounts.ts'
import { type Gateway, type ServeOptions, serve, type World } from '../serve.ts'
import { createClusterWatch } from './watch.ts'

const accessOf = (env: NodeJS.ProcessEnv) =>
  findAccess(env).catch((error: unknown) => {
    if (!(error instanceof KubeconfigError)) throw error
    const advice = 'name a file of models with --config, or a cluster with KUBECONFIG'
    throw new StartError(`${error.message}; ${advice}`, 2, { cause: error })
  })

/** The gateway is ready once all models have been listed; requests before are answered as if there were none. @throws StartError */
export const openCluster = async (
  env: NodeJS.ProcessEnv,
  { namespace, manager, ...options }: ServeOptions & Pick<GatewayOptions, 'namespace' | 'manager'>,
  world: World,
): Promise<Gateway> => {
  const transport = createTransport(await accessOf(env), { userAgent: 'gantry-gateway' })
  const kube = createKube(transport, { fieldManager: 'gantry-gateway' })
  const watch = createClusterWatch({
    kube,
    clock: systemClock,
    log: world.log,
    namespace,
    manager,
    certificate: world.certificate,
  })
  const { tokenAudience: audience } = options
  const reviewing = { kube, clock: systemClock, log: world.log }
  const accounts = audience === undefined ? undefined : createAccounts({ ...reviewing, audience })
  const gateway = await serve(options, {
    ...{ ...world, unready: watch.unready, addresses: watch },
    ...(accounts && { accounts }),
  })
  const end = new AbortController()
  const watching = watch.run(gateway.directory, end.signal)
  return {
    ...gateway,
    // Endpoints that end while requests are still answered leave the models as before.
    stop: async (lingerMs) => {
      await gateway.stop(lingerMs)
      end.abort()
      await watching
      transport.close()
    },
  }
}
