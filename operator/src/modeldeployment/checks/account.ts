import type { Finding } from '../../runtime/finding.ts'

export interface NamedAccount {
  readonly name: string | undefined
  readonly namespace: string
  /** The field of spec that names it. */
  readonly field: string
}

/**
 * A ServiceAccount of spec that is not there. The API server looks for it when a pod is created.
 * @param message why it does not create the pod
 */
export const missingAccount = (
  message: string,
  { name, namespace, field }: NamedAccount,
): Finding | undefined => {
  if (name === undefined || !message.includes(`serviceaccount "${name}" not found`)) return undefined
  return {
    reason: 'PodRefused',
    message: `ServiceAccount ${name} does not exist in namespace ${namespace}, so no pod can be created. Create it, and the pods start by themselves, or correct ${field}.`,
    retry: 'never',
  }
}
