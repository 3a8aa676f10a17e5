/** Options that say how sources may be reached, as `evaluate` and `samples` have them. */
import { type Wrong, wholeNumber } from '../config/option-values.ts'

/** How sources may be reached. */
export interface SourceOptions {
  readonly allowHttpCredentials: boolean
  readonly allowLoopback: boolean
  readonly allowPrivate: boolean
  readonly maxBytes: number | undefined
  readonly caFile: string | undefined
}

interface SourceValues {
  readonly 'allow-http-credentials'?: boolean | undefined
  readonly 'allow-loopback'?: boolean | undefined
  readonly 'refuse-private-addresses'?: boolean | undefined
  readonly 'max-bytes'?: string | undefined
  readonly 'ca-file'?: string | undefined
}

/** @param wrong makes an error of a problem @throws StartError, from it */
export const sourceOptions = (values: SourceValues, wrong: Wrong): SourceOptions => ({
  allowHttpCredentials: values['allow-http-credentials'] ?? false,
  allowLoopback: values['allow-loopback'] ?? false,
  allowPrivate: !values['refuse-private-addresses'],
  maxBytes: wholeNumber('--max-bytes', values['max-bytes'], wrong),
  caFile: values['ca-file'],
})
