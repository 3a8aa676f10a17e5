/** Where a bucket is, as the command line says it. */
import { shownSource } from '@gantry/contract/source.ts'
import { oneOf, type Wrong } from '../../config/option-values.ts'
import type { S3Place } from '../sources/s3-address.ts'

type Given = { readonly [Name in 's3-endpoint' | 's3-region' | 's3-path-style']?: string | undefined }

/**
 * The options with the endpoint that the AWS command line would ask, which the SDK alone would find too late for messages, the
 * revision and the style of addresses. A pod of an import has none in its environment.
 */
export const withEndpoint = <Values extends Given & { readonly source?: string | undefined }>(
  values: Values,
  env: NodeJS.ProcessEnv,
): Values => {
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL']
  if (!endpoint || values['s3-endpoint'] !== undefined || !values.source?.startsWith('s3:')) return values
  return { ...values, 's3-endpoint': endpoint }
}

/** @param wrong makes the error for an option that cannot be used */
export const s3Options = (values: Given, wrong: Wrong): S3Place => {
  const { 's3-endpoint': endpoint, 's3-region': region, 's3-path-style': pathStyle } = values
  const style = pathStyle && oneOf('--s3-path-style', pathStyle, ['true', 'false'] as const, wrong)
  return {
    endpoint: endpoint === undefined ? undefined : endpointOf(endpoint, wrong),
    region,
    pathStyle: style === undefined ? undefined : style === 'true',
  }
}

const endpointOf = (text: string, wrong: Wrong): URL => {
  const url = URL.parse(text)
  const isHost = url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href
  if (isHost) return url
  throw wrong(
    `--s3-endpoint ${shownSource(text)} (or AWS_ENDPOINT_URL) is no address of a host such as https://minio.example.com:9000`,
  )
}
