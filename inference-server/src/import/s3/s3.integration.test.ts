/** Imports from a real S3 server. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { missingBinaries } from '../../../../local-cluster/binaries/binaries.ts'
import { pathsFrom } from '../../../../local-cluster/paths.ts'
import { type S3Server, startS3Server } from '../../../../local-cluster/s3-server.ts'
import { tar } from '../../testing/archives.ts'
import { failing, importOptions, model, temporaryFolder } from '../../testing/imports.ts'
import { type ImportOptions, importModel } from '../import-model.ts'
import { parseS3 } from '../sources/s3-address.ts'
import { s3Folder } from './s3.ts'

const missing = await missingBinaries(pathsFrom(process.env), ['versitygw'])
const skip =
  missing.length > 0 && 'versitygw is not built; `npm test` builds it where Go and a module proxy are'

const folder = temporaryFolder()
const bucket = 'models'
let server: S3Server
let client: sdk.S3Client

const put = (Key: string, Body: string | Buffer): Promise<unknown> =>
  client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from(Body) }))

const access = () => {
  const { accessKeyId, secretAccessKey, url } = server
  const aws = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  return { s3: { endpoint: new URL(url) }, secret: { credentials: undefined, hosts: [], aws } }
}

/** What the source says that it is now. */
const resolved = (source: string) => {
  const options = importOptions({ source, volume: '', ...access() })
  return s3Folder(parseS3(source), { ...options, authorities: undefined })
}

const revisionOf = async (source: string): Promise<string> => (await resolved(source)).revision ?? ''

let volumes = 0
const importing = async (source: string, change: Partial<ImportOptions> = {}) => {
  const volume = join(folder.path, `models-${volumes++}`)
  const { version } = await importModel(importOptions({ source, volume, ...access(), ...change }))
  const paths = readdirSync(join(volume, version.id), { recursive: true, encoding: 'utf8' })
  return { version, paths: paths.filter((path) => path !== 'metadata.json').sort() }
}

describe('a bucket', { skip }, () => {
  before(async () => {
    server = await startS3Server()
    const { url: endpoint, region } = server
    client = new sdk.S3Client({ endpoint, region, forcePathStyle: true, credentials: server })
    await client.send(new sdk.CreateBucketCommand({ Bucket: bucket }))
  })
  after(async () => {
    client?.destroy()
    await server?.stop()
    folder.remove()
  })

  test('is read as a folder of any names, without marks of folders and clutter', async () => {
    const names = ['ü b+c%41.txt', 'sub/weights.bin', '名前.json']
    await Promise.all(names.map((name) => put(`texts/${name}`, name)))
    await Promise.all([
      put('texts/model.onnx', model),
      put('texts/empty/', ''),
      put('texts/.git/config', 'x'),
    ])
    await put('texts-others/model.onnx', 'of another folder, whose name begins with the same letters')
    const { version, paths } = await importing(`s3://${bucket}/texts`)
    assert.deepEqual(paths, [...names, 'model.onnx', 'sub'].sort())
    assert.equal(version.source, `s3://${bucket}/texts`)
    assert.match(await revisionOf(`s3://${bucket}/texts`), /^listing [0-9a-f]{64}$/)
  })

  test('is read to the last page of its listing', async () => {
    const many = join(server.folder, bucket, 'many')
    mkdirSync(many)
    for (let at = 0; at < 2_005; at++) writeFileSync(join(many, `${at}.txt`), '')
    assert.equal((await resolved(`s3://${bucket}/many`)).files.length, 2_005)
  })

  test('is read as an archive or one file, with its digest', async () => {
    const archive = tar([
      { path: 'top/model.onnx', content: model },
      { path: 'top/labels.json', content: '["a"]' },
    ])
    await put('releases/one.tar', archive)
    await put('releases/one.onnx', model)
    assert.deepEqual((await importing(`s3://${bucket}/releases/one.tar`)).paths, [
      'labels.json',
      'model.onnx',
    ])
    const sha256 = createHash('sha256').update(model).digest('hex')
    assert.deepEqual((await importing(`s3://${bucket}/releases/one.onnx`, { sha256 })).paths, ['model.onnx'])
    const etag = createHash('md5').update(model).digest('hex')
    assert.equal(await revisionOf(`s3://${bucket}/releases/one.onnx`), `etag ${etag}`)
    await assert.rejects(
      importing(`s3://${bucket}/releases/one.onnx`, { sha256: '0'.repeat(64) }),
      failing('DigestMismatch', /does not have the sha256/),
    )
    await assert.rejects(
      importing(`s3://${bucket}/releases`, { sha256 }),
      failing('SourceUnsupported', /is a folder/),
    )
  })

  test('with versions has their ids in the revision', async () => {
    await client.send(
      new sdk.PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    )
    const versions: string[] = []
    for (const name of ['labels.json', 'model.onnx']) {
      const Body = name === 'model.onnx' ? model : '["a"]'
      const put = await client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: `kept/${name}`, Body }))
      versions.push(put.VersionId ?? '')
    }
    const whole = await revisionOf(`s3://${bucket}/kept/`)
    assert.match(whole, RegExp(`^listing [0-9a-f]{64} versions ${versions.join(',')}$`))
    assert.equal(await revisionOf(`s3://${bucket}/kept/model.onnx`), `version ${versions[1]}`)
    await put('kept/model.onnx', 'written over')
    const pinned = await importing(`s3://${bucket}/kept/model.onnx`, {
      pinnedDigest: `version ${versions[1]}`,
    })
    assert.equal(pinned.version.sourceRevision, `version ${versions[1]}`)
    await assert.rejects(
      importing(`s3://${bucket}/kept/model.onnx`, { pinnedDigest: 'version 01M8D59NRF0VGVX7ZME9JEK4MH' }),
      failing('SourceNotFound', /has nothing at/),
    )
    await put('kept/model.onnx', model)
    const { version, paths } = await importing(`s3://${bucket}/kept/`)
    assert.deepEqual(paths, ['labels.json', 'model.onnx'])
    assert.match(version.sourceRevision ?? '', /^listing [0-9a-f]{64} versions [^,]+,[^,]+$/)
  })

  test('that lacks what is asked for says so, and so does a server without the bucket', async () => {
    await put('marks/', '')
    for (const key of ['none', 'none/', 'marks/', 'releases/one.onnx/'])
      await assert.rejects(
        importing(`s3://${bucket}/${key}`),
        failing(
          'SourceNotFound',
          /has nothing at s3:\/\/models\/.*neither an object with that key nor one below it/,
        ),
      )
    for (const key of ['', 'a', 'a/'])
      await assert.rejects(
        importing(`s3://no-such-bucket/${key}`),
        failing('SourceNotFound', /there is no bucket no-such-bucket/),
      )
  })

  test('is refused by what is wrong: the keys, the region, or that there are none', async () => {
    const { accessKeyId } = server
    const withKeys = (aws: Record<string, string>) => ({ secret: { credentials: undefined, hosts: [], aws } })
    const wrong = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'wrong' }
    const source = `s3://${bucket}/releases/one.onnx`
    await assert.rejects(
      importing(source, withKeys(wrong)),
      failing('SourceForbidden', /answered 403 \(SignatureDoesNotMatch\): the credentials do not allow/),
    )
    await assert.rejects(
      importing(source, withKeys({ ...wrong, AWS_ACCESS_KEY_ID: 'AKIDNOBODY' })),
      failing('SourceUnsupported', /answered 404 \(XAdminUserNotFound\).*check .* the credentials/),
    )
    await assert.rejects(
      importing(source, withKeys({})),
      failing('SourceForbidden', /needs the keys AWS_ACCESS_KEY_ID/, 'backoff'),
    )
    await assert.rejects(
      importing(source, { secret: undefined }),
      failing('SourceForbidden', /answered 403 \(AccessDenied\), and no credentials were given/),
    )
    await assert.rejects(
      importing(source, { s3: { endpoint: new URL(server.url), region: 'eu-west-1' } }),
      failing(
        'SourceUnsupported',
        /is not in the region eu-west-1; set spec\.model\.source\.s3\.region.*us-east-1/,
      ),
    )
  })
})
