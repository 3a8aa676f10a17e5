/** Options of `import` for a hub, and for what an earlier import has fixed. */
import { defaultHubEndpoint, sourceVariable } from '@gantry/contract/source.ts'
import { versionIdPattern } from '@gantry/contract/versions.ts'
import type { StartError } from '../failures/errors.ts'
import type { ImportOptions } from './import-model.ts'

type Wrong = (problem: string) => StartError

interface Values {
  readonly 'hub-endpoint'?: string | undefined
  readonly 'source-revision'?: string | undefined
  readonly 'version-id'?: string | undefined
  readonly 'version-digest'?: string | undefined
  readonly 'newer-than'?: string | undefined
}

/**
 * The address that the operator gives, and the token of its Secret; at a terminal those of the tools of Hugging Face.
 * @throws StartError
 */
export const hubOptions = (
  values: Values,
  env: NodeJS.ProcessEnv,
  wrong: Wrong,
): NonNullable<ImportOptions['hub']> => {
  const address = values['hub-endpoint'] ?? (env['HF_ENDPOINT'] || defaultHubEndpoint)
  const endpoint = URL.parse(address)
  if (!endpoint || !/^https?:$/.test(endpoint.protocol) || endpoint.username !== '' || endpoint.search !== '')
    throw wrong(
      'the address of the hub (--hub-endpoint, HF_ENDPOINT) is none such as https://huggingface.co, without user and query',
    )
  const token = env[sourceVariable('HF_TOKEN')] ?? env['HF_TOKEN']
  return { endpoint, token: token?.trim(), pinned: values['source-revision'] }
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
