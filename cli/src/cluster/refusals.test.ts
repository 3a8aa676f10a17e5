import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '@gantry/kube/errors.ts'
import { exitCodes } from '../failure.ts'
import { clusterFailure } from './refusals.ts'

const refusal = (code: number, message: string) => clusterFailure(new ApiError(code, 'X', message))

test('a cluster without our CRDs is told to install them', () => {
  const failure = refusal(404, 'the server could not find the requested resource')
  assert.equal(failure?.exitCode, exitCodes.cluster)
  assert.match(failure?.next ?? '', /kubectl apply --server-side -f crds/)
})

test('a refusal is shown in the words of the API server, as plain text', () => {
  assert.equal(
    refusal(422, 'spec.x: \u001b[31mInvalid')?.message,
    'The cluster refuses: spec.x: \ufffd[31mInvalid.',
  )
  assert.equal(refusal(401, 'Unauthorized')?.exitCode, exitCodes.cluster)
  assert.equal(refusal(404, 'pods "x" not found')?.exitCode, exitCodes.notFound)
})

test('a connection that fails is told by its cause, a certificate by what to check', () => {
  const failing = (code: string) =>
    clusterFailure(
      new Error('the API server did not answer GET /x', { cause: Object.assign(new Error('why'), { code }) }),
    )
  assert.equal(failing('ENOTFOUND')?.message, 'The API server cannot be reached: its name is not known.')
  assert.match(failing('SELF_SIGNED_CERT_IN_CHAIN')?.next ?? '', /certificate-authority/)
})

test('a mistake of the program itself is no failure of the cluster', () => {
  assert.equal(clusterFailure(new TypeError('x is not a function')), undefined)
})
