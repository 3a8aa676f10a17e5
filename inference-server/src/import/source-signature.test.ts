/** Signatures of the real model_signing (golden/signatures.py), verified before anything is kept of a source. */
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { tar } from '../testing/archives.ts'
import { failing, importOptions, temporaryFolder } from '../testing/imports.ts'
import { importModel } from './import-model.ts'

const golden = join(import.meta.dirname, '../../golden/signatures')
const folder = temporaryFolder()
after(folder.remove)

const pem = (name: string): string => readFileSync(join(golden, `${name}.pem`), 'utf8')
const signatureOf = (name: string): string => readFileSync(join(golden, `${name}.sig`), 'utf8')

/** The folder that was signed, with one of its signatures beside it; then `change` is made. */
const signed = async (signature: string, change?: (dir: string) => Promise<unknown>): Promise<string> => {
  const dir = mkdtempSync(join(folder.path, 'model-'))
  await cp(join(golden, 'model'), dir, { recursive: true })
  await writeFile(join(dir, 'model.sig'), signatureOf(signature))
  await change?.(dir)
  return dir
}

const volume = (): string => mkdtempSync(join(folder.path, 'volume-'))

const importing = (source: string, publicKey: string, into = volume()) =>
  importModel(importOptions({ source, volume: into, publicKey }))

interface Bundle {
  verificationMaterial: object
  readonly dsseEnvelope: { payload: string; signatures: unknown[] }
}

const edited = (edit: (bundle: Bundle) => void) => async (dir: string) => {
  const bundle = JSON.parse(signatureOf('p256')) as Bundle
  edit(bundle)
  await writeFile(join(dir, 'model.sig'), JSON.stringify(bundle))
}

describe('a signature by a key is verified on', () => {
  for (const curve of ['p256', 'p384', 'p521'])
    test(curve, async () => {
      const into = volume()
      const { version } = await importing(await signed(curve), pem(curve), into)
      const key = `sha256:${createHash('sha256').update(pem(curve)).digest('hex')}`
      assert.equal(version.signature?.key, key)
      assert.equal(version.signature?.files, 2)
      const { files, changed, signature } = JSON.parse(
        await readFile(join(into, version.id, 'metadata.json'), 'utf8'),
      ) as VersionMetadata
      // The graph is another one after the import, which says so; the signature is of the source, and stays with it.
      assert.deepEqual(
        files.map(({ path }) => path),
        ['labels.json', 'model.onnx', 'model.sig'],
      )
      assert.match(changed?.join() ?? '', /ZipMap.*is called model\.onnx/)
      assert.deepEqual(signature, version.signature)
    })

  test('an archive with a folder around the model', async () => {
    const dir = await signed('p256')
    const entries = readdirSync(dir).map((name) => ({
      path: `forest/${name}`,
      content: readFileSync(join(dir, name)),
    }))
    const archive = join(folder.path, 'forest.tar')
    await writeFile(archive, tar(entries))
    assert.equal((await importing(archive, pem('p256'))).version.signature?.files, 2)
  })

  test('a folder with files of git that nobody signed, of which nothing is kept', async () => {
    const into = volume()
    const source = await signed('p256', (dir) => writeFile(join(dir, '.gitattributes'), '* text'))
    const { version } = await importing(source, pem('p256'), into)
    assert.ok(!readdirSync(join(into, version.id)).includes('.gitattributes'))
  })
})

const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string
const otherCurve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({
  type: 'spki',
  format: 'pem',
}) as string

const refusals: Readonly<
  Record<string, readonly [source: () => Promise<string>, said: RegExp, publicKey?: string]>
> = {
  'there is no signature': [() => signed('p256', (dir) => rm(join(dir, 'model.sig'))), /has no model\.sig/],
  'the source is one file': [async () => join(golden, 'model/forest.onnx'), /has no model\.sig/],
  'another key signed it': [() => signed('p384'), /another key than the one/],
  'the key is on a curve that is not used': [() => signed('p256'), /P-256, P-384 or P-521/, otherCurve],
  'the key is a private one': [() => signed('p256'), /P-256, P-384 or P-521/, privateKey],
  'the signature names no key, and another one made it': [
    () =>
      signed('p384', async (dir) => {
        const bundle = JSON.parse(signatureOf('p384'))
        bundle.verificationMaterial.publicKey.hint = ''
        await writeFile(join(dir, 'model.sig'), JSON.stringify(bundle))
      }),
    /does not fit its own statement/,
  ],
  'a file was changed': [
    () => signed('p256', (dir) => writeFile(join(dir, 'labels.json'), '["yes","no"]\n')),
    /1 file .* was changed since it was signed/,
  ],
  'a file is missing': [
    () => signed('p256', (dir) => rm(join(dir, 'labels.json'))),
    /1 file .* is signed and missing/,
  ],
  'a file was added': [
    () => signed('p256', (dir) => writeFile(join(dir, 'config.json'), '{}')),
    /1 file .* is not signed/,
  ],
  'a folder was added': [
    () =>
      signed('p256', async (dir) => {
        await mkdir(join(dir, 'onnx'))
        await writeFile(join(dir, 'onnx/weights.bin'), 'x')
      }),
    /1 file .* is not signed/,
  ],
  'the signer left out a file that is there': [() => signed('ignoring'), /left out of the signature/],
  'a file is under a name that the signer left out': [
    () => signed('ignoring', (dir) => writeFile(join(dir, '.gitignore'), '*')),
    /1 file .* left out of the signature/,
  ],
  'files were signed in pieces': [() => signed('shards'), /in pieces \(shards\)/],
  'digests are of another kind': [() => signed('blake2'), /another kind than sha256/],
  'one file was signed, and no folder': [() => signed('single'), /a single file and not the folder/],
  'the statement is of another kind': [() => signed('other-predicate'), /a statement of another kind/],
  'the statement names a file outside': [() => signed('outside'), /a file outside of the folder/],
  'the subject is not the list of files': [() => signed('other-subject'), /its subject is not the list/],
  'a file is named twice': [() => signed('twice'), /names a file twice/],
  'the statement was altered': [
    () =>
      signed(
        'p256',
        edited((bundle) => {
          const envelope = bundle.dsseEnvelope
          const payload = Buffer.from(envelope.payload, 'base64').toString()
          envelope.payload = Buffer.from(payload.replace('"model"', '"other"')).toString('base64')
        }),
      ),
    /does not fit its own statement/,
  ],
  'there are two signatures': [
    () =>
      signed(
        'p256',
        edited((bundle) => {
          const envelope = bundle.dsseEnvelope
          envelope.signatures.push(envelope.signatures[0])
        }),
      ),
    /has 2 signatures/,
  ],
  'there is none in the envelope': [
    () =>
      signed(
        'p256',
        edited((bundle) => {
          bundle.dsseEnvelope.signatures = []
        }),
      ),
    /has 0 signatures/,
  ],
  'it was made with a certificate': [
    () =>
      signed(
        'p256',
        edited((bundle) => Object.assign(bundle, { verificationMaterial: { certificate: {} } })),
      ),
    /with a certificate or without a key/,
  ],
  'the bundle is no JSON': [
    () => signed('p256', (dir) => writeFile(join(dir, 'model.sig'), 'signed')),
    /no JSON object/,
  ],
}

describe('nothing is committed where a signature is asked for and', () => {
  for (const [what, [source, said, publicKey = pem('p256')]] of Object.entries(refusals))
    test(what, async () => {
      const into = volume()
      await assert.rejects(importing(await source(), publicKey, into), failing('SignatureInvalid', said))
      assert.deepEqual(
        readdirSync(into).filter((name) => name.startsWith('v_')),
        [],
      )
    })
})

test('a version that someone has put on the volume is no answer to a source with a key, and one of the same files is', async () => {
  const into = volume()
  const source = await signed('p256')
  const options = { source, volume: into, publicKey: pem('p256'), revision: 'known-beforehand' }
  const other = await signed('p256', (dir) => writeFile(join(dir, 'labels.json'), '["other"]'))
  const planted = await importModel(importOptions({ ...options, source: other, publicKey: undefined }))
  const first = await importModel(importOptions(options))
  assert.notEqual(first.version.digest, planted.version.digest)
  assert.deepEqual((await importModel(importOptions(options))).version, first.version)
  assert.equal(readdirSync(into).filter((name) => name.startsWith('v_')).length, 2)
})

test('a version from before a key was asked for is no answer to a source with a key', async () => {
  const { revisionOf } = await import('./revision.ts')
  const uri = 'https://models.example/m.tar'
  const plain = revisionOf({ uri })
  assert.notEqual(revisionOf({ uri, publicKey: pem('p256') }), plain)
  assert.notEqual(revisionOf({ uri, publicKey: pem('p256') }), revisionOf({ uri, publicKey: pem('p384') }))
})
