/** Where a bucket is, as the command line says it. */
import { shownSource } from '@gantry/contract/source.ts'
import { oneOf, type Wrong } from '../../config/option-values.ts'
import type { S3Place } from '../sources/s3-address.ts'

type Given = { readonly [Name in 's3-endpoint' | 's3-region' | 's3-path-style']?: string | undefined }

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
    `--s3-endpoint ${shownSource(text)} is no address of a host such as https://minio.example.com:9000`,
  )
}
