/** Whose credentials an import uses, and through which connections. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, beforeEach, test } from 'node:test'
import { makeCertificate } from '../../testing/certificates.ts'
import { failing, importOptions, model, temporaryFolder } from '../../testing/imports.ts'
import { answerError, type S3Answer, type S3Stand, startS3Answers } from '../../testing/s3-answers.ts'
import { type ImportOptions, importModel } from '../import-model.ts'
import type { Resolve } from '../sources/address-guard.ts'
import { noProxies } from '../sources/proxy.ts'

const folder = temporaryFolder()
after(folder.remove)

const aws = { AWS_ACCESS_KEY_ID: 'AKIDSECRETLY', AWS_SECRET_ACCESS_KEY: 'k3yOfTests' }
const secret = { credentials: undefined, hosts: [], aws }

/** An environment without what the person who runs the tests has. */
const ofAws = Object.keys(process.env).filter((name) => name.startsWith('AWS_'))
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  process.env['AWS_CONFIG_FILE'] = join(folder.path, 'no-config')
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(folder.path, 'no-credentials')
})
const before = ofAws.map((name) => [name, process.env[name]] as const)
after(() => {
  for (const [name, value] of before) if (value !== undefined) process.env[name] = value
})

const stands: S3Stand[] = []
afterEach(() => {
  for (const each of stands.splice(0)) each.close()
})
const stand = async (answer: S3Answer): Promise<S3Stand> => {
  const started = await startS3Answers(answer)
  stands.push(started)
  return started
}

const object: S3Answer = (request, response) => {
  response.setHeader('etag', '"e"').setHeader('content-length', model.length)
  response.end(request.method === 'HEAD' ? undefined : model)
}

let volumes = 0
const importing = (endpoint: string, change: Partial<ImportOptions> = {}) =>
  importModel(
    importOptions({
      ...{ source: 's3://models/model.onnx', volume: join(folder.path, `models-${volumes++}`) },
      ...{ s3: { endpoint: new URL(endpoint) }, secret, ...change },
    }),
  )

const keyOf = ({ requests }: S3Stand): string | undefined =>
  /Credential=([^/]+)/.exec(requests[0]?.headers.authorization ?? '')?.[1]

test('the keys of the Secret go before those of the environment, and without a Secret those count', async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDMINE'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'mine'
  const store = await stand(object)
  await importing(store.url)
  assert.equal(keyOf(store), 'AKIDSECRETLY')
  const other = await stand(object)
  await importing(other.url, { secret: undefined })
  assert.equal(keyOf(other), 'AKIDMINE')
})

test('a Secret that is not there, or has no keys, is no reason to use those of the environment or none', async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDMINE'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'mine'
  const store = await stand(object)
  await assert.rejects(
    importing(store.url, { secret: undefined, hasSecret: true }),
    failing('SourceForbidden', /has none of them, or does not exist/, 'backoff'),
  )
  assert.equal(store.requests.length, 0)
})

test('without any credentials the request is not signed, and no metadata service is asked', async () => {
  const metadata = await stand(() => assert.fail('the metadata service is asked'))
  process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = metadata.url
  const store = await stand(object)
  await importing(store.url, { secret: undefined })
  assert.equal(store.requests[0]?.headers.authorization, undefined)
  assert.equal(metadata.requests.length, 0)
})

const answerOfSts = (
  expires: Date,
): string => `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAOFROLE</AccessKeyId><SecretAccessKey>of-role</SecretAccessKey>
<SessionToken>token-of-role</SessionToken><Expiration>${expires.toISOString()}</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`

/** What the webhook of EKS puts into a pod whose ServiceAccount has a role. */
const asPodWithRole = (sts: S3Stand): void => {
  const file = join(folder.path, 'token')
  writeFileSync(file, 'header.payload.signature')
  Object.assign(process.env, {
    ...{ AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/models', AWS_WEB_IDENTITY_TOKEN_FILE: file },
    ...{ AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL_STS: sts.url },
  })
}

test('a pod with a role of its ServiceAccount exchanges its token, and signs with what it gets', async () => {
  const sts = await stand(
    (_request, response) => void response.end(answerOfSts(new Date(Date.now() + 3_600_000))),
  )
  asPodWithRole(sts)
  const store = await stand(object)
  await importing(store.url, { secret: undefined })
  assert.equal(sts.requests[0]?.method, 'POST')
  const { authorization, 'x-amz-security-token': token } = store.requests[0]?.headers ?? {}
  assert.match(authorization ?? '', /Credential=ASIAOFROLE\/\d+\/eu-central-1\/s3\//)
  assert.equal(token, 'token-of-role')
})

test('a role that may not be had is told, and so is an address that an import does not connect to', async () => {
  const sts = await stand(answerError(403, 'AccessDenied'))
  asPodWithRole(sts)
  const store = await stand(object)
  await assert.rejects(
    importing(store.url, { secret: undefined }),
    failing(
      'SourceForbidden',
      /credentials cannot be had: AWS answered 403.*check the role of the pod's ServiceAccount/,
    ),
  )
  await assert.rejects(
    importing(store.url, { secret: undefined, addresses: { allowLoopback: false, allowPrivate: true } }),
    failing('SourceNotAllowed', /stands for an address that imports do not connect to/),
  )
  assert.equal(store.requests.length, 0)
  assert.equal(sts.requests.length, 1)
})

test('the host and the bucket before it have to be named where the Secret names hosts', async () => {
  const store = await stand(object)
  const { host } = new URL(store.url)
  await assert.rejects(
    importing(store.url, { secret: { ...secret, hosts: ['s3.eu-west-1.amazonaws.com'] } }),
    failing('SourceForbidden', RegExp(`its key hosts does not name ${host}`)),
  )
  assert.equal(store.requests.length, 0)
  await importing(store.url, { secret: { ...secret, hosts: [host] } })
  const addresses = {
    ...{ allowLoopback: true, allowPrivate: true },
    resolve: ((_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }])) satisfies Resolve,
  }
  const named = new URL(`http://store.example:${new URL(store.url).port}`)
  await importing(store.url, {
    addresses,
    s3: { endpoint: named, pathStyle: false },
    secret: { ...secret, hosts: [named.host] },
  })
  assert.match(store.requests.at(-1)?.headers.host ?? '', /^models\.store\.example:/)
})

test('requests go through the proxy, and trust the authorities of the import alone', async () => {
  const proxy = await stand(object)
  await importing('http://store.example', { proxies: { ...noProxies, http: new URL(proxy.url) } })
  assert.equal(proxy.requests[0]?.url?.startsWith('http://store.example/models/model.onnx'), true)

  const authority = await makeCertificate('authority')
  const { 'tls.crt': cert, 'tls.key': key } = await makeCertificate('store', 1, authority)
  const server = createServer({ cert, key }, (request, response) =>
    object(request, response, new URL('http://localhost')),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    await assert.rejects(
      importing(url, { retryDelaysMs: [] }),
      failing('SourceUnreachable', /cannot be trusted.*spec\.storage\.import\.caBundle/, 'backoff'),
    )
    const caFile = join(folder.path, 'ca.crt')
    writeFileSync(caFile, authority['tls.crt'])
    await importing(url, { caFile })
  } finally {
    server.close()
    server.closeAllConnections()
  }
})
