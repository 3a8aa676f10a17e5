/** Why a data plane of Gateway API does not divide the requests for a model. Its Service answers all the same, so Degraded tells. Pure. */
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { Observed } from '../observe.ts'
import { usesRoute } from './live-route.ts'

/** No watch shows that an API has come. */
const lookMs = 30_000

export const routeApiText = (route: Observed['route']): string =>
  route?.api === 'off'
    ? 'this installation of Gantry does not use it: have the chart value gatewayApi.enabled set'
    : 'this cluster has no HTTPRoute of gateway.networking.k8s.io/v1: install Gateway API'

export const routeTrouble = ({ model, route }: Pick<Observed, 'model' | 'route'>): Finding | undefined => {
  if (!usesRoute(model) || !route) return undefined
  if (route.api !== 'served')
    return {
      reason: 'GatewayApiMissing',
      message: `spec.rollout.routing: GatewayAPI asks for an HTTPRoute, and ${routeApiText(route)}, or set spec.rollout.routing: Gateway. The model's own Service answers.`,
      ...{ retry: 'never', isNonBlocking: true },
      ...(route.api === 'off' ? {} : { afterMs: lookMs }),
    }
  if (route.weight === undefined || route.problem === undefined) return undefined
  return {
    reason: 'RouteNotAccepted',
    message: plainText(
      `The HTTPRoute ${model.metadata.name} is not in force: ${route.problem}. Correct spec.rollout.gatewayApi, or the Gateway; the model's own Service answers.`,
    ),
    ...{ retry: 'never', isNonBlocking: true },
  }
}
