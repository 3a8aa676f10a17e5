/** Why a data plane of Gateway API does not divide the requests for a model. Its Service answers all the same, so Degraded tells. Pure. */
import { plainText } from '@gantry/contract/plain-text.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { Observed } from '../observe.ts'
import { usesRoute } from './live-route.ts'

/** No watch shows that an API has come. */
const lookMs = 30_000
/** Nor is a Gateway watched. */
const gatewayMs = 15_000

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
  if (route.problem !== undefined && route.weight !== undefined)
    return {
      reason: route.problem.reason,
      message: plainText(`${route.problem.message}; the model's own Service answers.`),
      ...{ retry: 'never', isNonBlocking: true },
      ...(route.problem.reason === 'GatewayNotProgrammed' ? { afterMs: gatewayMs } : {}),
    }
  if (route.grpc?.refusal === undefined) return undefined
  return {
    reason: 'GrpcRouteUnsupported',
    message: plainText(
      `spec.rollout.gatewayApi.grpcHostnames asks for a GRPCRoute, and ${route.grpc.refusal}. Name a Gateway whose class has it, or leave grpcHostnames out; callers of gRPC use the model's own Service, and the HTTPRoute divides the others.`,
    ),
    ...{ retry: 'never', isNonBlocking: true, afterMs: gatewayMs },
  }
}
