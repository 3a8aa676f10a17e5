/** The triggers of spec.autoscaling.keda, as far as Gantry reads them. Pure. */
import type { ModelDeployment } from '../model-deployment.ts'

interface Trigger {
  readonly authenticationRef?: { readonly name?: unknown; readonly kind?: unknown }
}

/** A TriggerAuthentication as the chart value lists it. */
const listedName = ({ authenticationRef }: Trigger): readonly string[] => {
  if (authenticationRef === undefined) return []
  const { name, kind = 'TriggerAuthentication' } = authenticationRef
  return [kind === 'ClusterTriggerAuthentication' ? `cluster/${String(name)}` : String(name)]
}

/**
 * The TriggerAuthentications that the model names and this installation does not allow. KEDA sends what they hold to the address of
 * the trigger, which whoever writes the model chooses.
 */
export const foreignAuthentications = (
  { spec }: ModelDeployment,
  allowed: readonly string[],
): readonly string[] =>
  ((spec.autoscaling?.keda?.triggers ?? []) as readonly Trigger[])
    .flatMap(listedName)
    .filter((name) => !allowed.includes('*') && !allowed.includes(name))
