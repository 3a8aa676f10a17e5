/** The options of an import that say how its source is reached. */
import { defaultHubEndpoint, sourceVariable } from '@gantry/contract/source.ts'
import type { Wrong } from '../../config/option-values.ts'
import { s3Options } from '../s3/options.ts'
import { readSecret } from '../sources/credentials.ts'
import { readProxies } from '../sources/proxy.ts'

type Text = string | undefined

interface Values {
  readonly 'source-secret'?: boolean | undefined
  readonly 'allow-http-credentials'?: boolean | undefined
  readonly 'allow-loopback'?: boolean | undefined
  readonly 'refuse-private-addresses'?: boolean | undefined
  readonly 'plain-http-registries'?: Text
  readonly 'hub-endpoint'?: Text
  readonly 'source-revision'?: Text
  readonly 'ca-file'?: Text
  readonly 's3-endpoint'?: Text
  readonly 's3-region'?: Text
  readonly 's3-path-style'?: Text
}

/** Together about a minute; after that the operator comes again, less and less often. */
const retryDelaysMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
const timeouts = { connectMs: 10_000, idleMs: 30_000 }

/** @param wrong makes the error of a command line */
export const connectionOptions = (values: Values, env: NodeJS.ProcessEnv, wrong: Wrong) => ({
  secret: readSecret(env),
  hasSecret: values['source-secret'],
  pinnedDigest: values['source-revision'],
  s3: s3Options(values, wrong),
  hub: hubOf(values, env, wrong),
  plainHttpRegistries: values['plain-http-registries']?.split(',').filter((host) => host !== ''),
  allowHttpCredentials: values['allow-http-credentials'] ?? false,
  addresses: {
    allowLoopback: values['allow-loopback'] ?? false,
    allowPrivate: !values['refuse-private-addresses'],
  },
  proxies: readProxies(env),
  caFile: values['ca-file'],
  timeouts,
  retryDelaysMs,
})

/** The address that the operator gives, and the token of its Secret; at a terminal those of the tools of Hugging Face. */
const hubOf = (values: Values, env: NodeJS.ProcessEnv, wrong: Wrong) => {
  const address = values['hub-endpoint'] ?? (env['HF_ENDPOINT'] || defaultHubEndpoint)
  const endpoint = URL.parse(address)
  if (!endpoint || !/^https?:$/.test(endpoint.protocol) || endpoint.username !== '' || endpoint.search !== '')
    throw wrong(
      'the address of the hub (--hub-endpoint, HF_ENDPOINT) is none such as https://huggingface.co, without user and query',
    )
  const token = env[sourceVariable('HF_TOKEN')] ?? env['HF_TOKEN']
  return { endpoint, token: token?.trim(), pinned: values['source-revision'] }
}
