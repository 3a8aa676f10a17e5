/** Decides which contents of requests and answers may be readable in the log. */
import type { Declared } from '../requests/declared-names.ts'
import { unknownNames } from './declared.ts'
import type { Entry, WriterOptions } from './entry.ts'
import { type Protocol, protocolsOf } from './protocols.ts'
import { hidden } from './rules.ts'

/** An entry -> what may be shown of its request and its answer. */
export type Concealer = (entry: Pick<Entry, 'endpoint' | 'status' | 'version'>) => Protocol

export interface Concealment {
  readonly of: Concealer
  /** Declares the names of a version, before the first of its entries. */
  readonly declare: (version: string, declared: Declared) => void
}

const whole: Protocol = { request: hidden, response: hidden }

/**
 * Shows what the protocol or the model's owner says may be shown, and covers the rest. Covered whole are requests that were
 * refused, since what they hold is not known to be what it is called; those of a version that nothing is known of; and all,
 * where no name is sensitive or one of them means nothing here.
 */
export const createConcealment = ({
  model,
  sensitiveFields,
}: Pick<WriterOptions, 'model' | 'sensitiveFields'>): Concealment => {
  const sensitive = new Set(sensitiveFields)
  const versions = new Map<string, ReturnType<typeof protocolsOf>>()
  return {
    declare: (version, declared) => {
      if (unknownNames(sensitiveFields, declared).length > 0) versions.delete(version)
      else versions.set(version, protocolsOf({ model, declared, sensitive }))
    },
    of: ({ endpoint, status, version }) => {
      if (sensitive.size === 0 || status >= 400) return whole
      return versions.get(version ?? '')?.(endpoint) ?? whole
    },
  }
}
