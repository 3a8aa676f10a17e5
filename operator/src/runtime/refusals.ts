import { quoted } from '@gantry/contract/plain-text.ts'
import { ApiError, isUnknownField } from '@gantry/kube/errors.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { ReconcileError } from './errors.ts'
import type { Finding } from './finding.ts'
import type { Kind } from './kind.ts'

/** Time until the next look: a foreign object that goes is not watched. */
const againMs = 60_000
const predecessorMs = 2_000

const nameOf = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata.namespace}/${metadata.name}`

const stands = (kind: string, ours: readonly KubernetesObject[]): string =>
  ours.length === 0
    ? `Nothing of this ${kind} has been created.`
    : `Of this ${kind} there are: ${ours.map((object) => `${object.kind} ${object.metadata.name}`).join(', ')}.`

/** @param ours what stands of the subject already */
export const nameTaken = (
  { kind, metadata }: KubernetesObject,
  object: KubernetesObject,
  ours: readonly KubernetesObject[],
): Finding => ({
  reason: 'NameTaken',
  message: `${nameOf(object)} exists and does not belong to this ${kind}, so nothing is created or changed. ${stands(kind, ours)} Delete or rename it, or give ${kind} ${metadata.name} another name. It is tried again every ${againMs / 1000} s.`,
  retry: 'never',
  afterMs: againMs,
})

export const predecessorEnding = ({ kind }: KubernetesObject, object: KubernetesObject): Finding => ({
  reason: 'PredecessorEnding',
  message: `${nameOf(object)} still belongs to a deleted ${kind} of the same name; waiting until it is gone.`,
  retry: 'backoff',
  afterMs: predecessorMs,
})

/** A namespace on its way out takes no new objects; what is left in it goes with it. */
const isEndingNamespace = (message: string): boolean => /because it is being terminated/.test(message)

export const namespaceEnding: Finding = {
  reason: 'NamespaceEnding',
  message: 'The namespace is being deleted, so nothing new is created in it.',
  retry: 'backoff',
}

const isQuota = (message: string): boolean => /exceeded quota/i.test(message)

/** Codes with which the API server says that the same request will not be accepted later either. */
const refused = new Set([400, 403, 405, 413, 415, 422])

/** The caller decides when to try again. @throws ReconcileError for what is not the user's to mend: no answer, a conflict, an overloaded API server */
export const refusalOf = (
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  error: unknown,
  kind?: Pick<Kind, 'refusal' | 'specFields'>,
): Finding => {
  if (error instanceof ReconcileError) throw error
  if (!(error instanceof ApiError) || !(refused.has(error.code) || isUnknownField(error))) {
    throw new ReconcileError('ApiUnavailable', 'backoff', `could not write ${nameOf(object)}`, {
      cause: error,
    })
  }
  if (isEndingNamespace(error.message)) return namespaceEnding
  const told = kind?.refusal(object, live, error.message)
  if (told) return told
  const field = kind?.specFields.get(object.kind) ?? 'spec'
  if (isQuota(error.message)) {
    return {
      reason: 'QuotaRefused',
      message: `${nameOf(object)} was refused: ${quoted(error.message)}. Raise the quota, free some of it, or ask for less in ${field}.`,
      retry: 'never',
    }
  }
  return {
    reason: 'ApplyRefused',
    message: `The API server refused ${nameOf(object)}: ${quoted(error.message)}. Correct ${field}, or the operator's rights if they are too small.`,
    retry: 'never',
  }
}
