/** What the objects of a model are to be for its path. Pure. */
import { isOver } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import type { Due } from '../desired/index.ts'
import type { Selected } from '../desired/service.ts'
import type { Observed } from '../observe.ts'
import { asksToShare } from '../shared-pods.ts'
import { triedOn } from '../trial.ts'
import { gatewaySlices } from './path.ts'

/**
 * Pods that are being tried, or were, get no requests of the Service. Those of a version that stable takes over do where stable
 * has no pod to spare meanwhile.
 */
const selectedBy = (observed: Observed): Selected => {
  const { path, canaryPods, trial, model } = observed
  if (path.leads === 'gateway') return 'none'
  if (trial?.kind === 'promote' && asksToShare(model)) return 'all'
  return triedOn(observed) || canaryPods.some((pod) => !isOver(pod)) ? 'stable' : 'all'
}

/** Where the Service leads, and by which slices. */
export const routed = (observed: Observed): Pick<Due, 'selected' | 'leads'> => {
  const { gateways, port } = observed.path
  const leads = gateways !== 'kept' && port !== undefined ? { gateways, port } : undefined
  return { selected: selectedBy(observed), leads }
}

/** Slices that stay as they are while the gateways are not known. */
export const keptSlices = (observed: Observed): readonly KubernetesObject[] =>
  observed.path.gateways === 'kept' ? gatewaySlices(observed) : []
