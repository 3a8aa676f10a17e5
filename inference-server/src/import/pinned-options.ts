/** Options of `import` for what an earlier import has fixed. */
import { versionIdPattern } from '@gantry/contract/versions.ts'
import type { Wrong } from '../config/option-values.ts'
import type { ImportOptions } from './import-model.ts'

interface Values {
  readonly 'version-id'?: string | undefined
  readonly 'version-digest'?: string | undefined
  readonly 'newer-than'?: string | undefined
}

const versionId = (option: string, value: string | undefined, wrong: Wrong): string | undefined => {
  if (value === undefined || versionIdPattern.test(value)) return value
  throw wrong(`${option} is no id of a version, such as v_20261123_101500`)
}

const digestOf = (value: string | undefined, wrong: Wrong): string | undefined => {
  if (value === undefined || /^sha256:[0-9a-f]{64}$/.test(value)) return value
  throw wrong('--version-digest is no digest of a version, such as sha256:…')
}

/** @throws StartError */
export const againOptions = (
  values: Values,
  wrong: Wrong,
): Required<Pick<ImportOptions, 'naming' | 'expectedDigest'>> => ({
  naming: {
    id: versionId('--version-id', values['version-id'], wrong),
    newerThan: versionId('--newer-than', values['newer-than'], wrong),
  },
  expectedDigest: digestOf(values['version-digest'], wrong),
})
