/** The API server that integration tests run against: `npm test` starts it, with our CRD, and names it in TEST_KUBECONFIG. */
import { type Kubectl, kubectl } from '../local-cluster/kubectl.ts'

const { TEST_KUBECONFIG: kubeconfig, TEST_KUBECTL: binary = 'kubectl' } = process.env

/** The `skip` option of `describe`: false where there is an API server, else why its tests are skipped. */
export const skipWithoutApiServer: string | false =
  kubeconfig === undefined &&
  'TEST_KUBECONFIG is not set; `npm test -- integration` starts an API server and sets it'

/** @param flags such as `--as`, added to every call */
export const testKubectl = (...flags: readonly string[]): Kubectl =>
  kubectl([binary, '--kubeconfig', kubeconfig ?? '', ...flags])
