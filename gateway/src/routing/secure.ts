/** Models that are called over TLS only. */
import type { Socket } from 'node:net'
import { serviceName } from '@gantry/contract/gateway.ts'
import { Failure } from '../failure.ts'
import { isSecure } from '../http/connections.ts'
import { keyOf, type Model } from '../models/model.ts'

/** @throws Failure forbidden where a request came in the clear */
export const checkSecure = (model: Model, socket: Socket | undefined): void => {
  if (!model.isSecure || isSecure(socket)) return
  throw new Failure(
    'forbidden',
    `${keyOf(model)} takes requests over TLS only: ask https://${serviceName(model)}`,
  )
}
