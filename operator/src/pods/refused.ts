import { quoted } from '@gantry/contract/plain-text.ts'
import type { Finding } from '../runtime/finding.ts'

/** A quota that has no room, or that counts what the pod does not name. */
const isQuota = (message: string): boolean => /(exceeded|failed) quota/i.test(message)

/** A LimitRange: too much, too little, or nothing where it wants a number. */
const isLimitRange = (message: string): boolean =>
  /(maximum|minimum) \S+ usage per (Container|Pod)|max limit to request ratio per/i.test(message)

/**
 * A pod that the API server does not admit: by a quota, a limit range, a Pod Security level or a webhook.
 * @param field of spec, where requests and limits of this pod stand
 */
export const podRefused = (message: string, field: string): Finding => {
  if (isQuota(message)) {
    return {
      reason: 'QuotaRefused',
      message: `The namespace's quota has no room for a pod: ${quoted(message)}. Raise the quota, free some of it, or set what it names in ${field}.`,
      retry: 'never',
    }
  }
  const where = isLimitRange(message)
    ? `Set what the LimitRange names in ${field}, or change the LimitRange.`
    : "Correct what it names, in spec.serve or in the namespace's policies."
  return {
    reason: 'PodRefused',
    message: `The cluster refuses the pod: ${quoted(message)}. ${where}`,
    retry: 'never',
  }
}
