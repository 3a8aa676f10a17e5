/** However little is sent, no more than the limit is written: on many volumes the free space is that of a whole node or filer. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type TarEntry, tar } from '../testing/archives.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { type ImportOptions, importModel } from './import-model.ts'

const folder = temporaryFolder()
after(folder.remove)

const mebibyte = 2 ** 20
const maxBytes = mebibyte
const onnx: TarEntry = { path: 'model.onnx', content: model }
const zeros = (bytes: number): Buffer => Buffer.alloc(bytes)

let count = 0
const place = (): string => {
  const path = join(folder.path, `case-${count++}`)
  mkdirSync(path)
  return path
}
const fileOf = (content: Buffer): string => {
  const path = join(place(), 'source')
  writeFileSync(path, content)
  return path
}
const folderOf = (files: Readonly<Record<string, Buffer>>): string => {
  const path = place()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
  return path
}
const importing = async (source: string, change: Partial<ImportOptions> = {}) => {
  const volume = join(place(), 'models')
  try {
    return await importModel(importOptions({ source, volume, maxBytes, ...change }))
  } catch (error) {
    assert.deepEqual(readdirSync(volume), [], 'a failed import leaves nothing')
    throw error
  }
}
const tooLarge = failing(
  'VolumeFull',
  /unpacks to more than the 1\.0 MiB of spec\.storage\.size; give an archive of the model only, or allow more \(.*--max-bytes\)$/,
)

const large: Readonly<Record<string, () => string>> = {
  'a file': () => fileOf(zeros(maxBytes + 1)),
  'a gzip of zeros': () => fileOf(gzipSync(zeros(64 * mebibyte))),
  'an archive with one large file': () => fileOf(tar([onnx, { path: 'a', content: zeros(maxBytes) }])),
  'an archive of many files, each of them small': () =>
    fileOf(
      tar([
        onnx,
        ...Array.from({ length: 20 }, (_, index) => ({ path: `a${index}`, content: zeros(60_000) })),
      ]),
    ),
  'a gzip of such an archive': () =>
    fileOf(gzipSync(tar([{ path: 'a', content: zeros(64 * mebibyte) }, onnx]))),
  'a file whose size only its header says': () =>
    fileOf(tar([{ path: 'a', content: '', size: maxBytes + 1 }])),
  'a gzip of what is passed over': () =>
    fileOf(gzipSync(tar([{ path: '._a', content: zeros(96 * mebibyte) }, onnx]))),
  'a folder': () => folderOf({ 'model.onnx': model, a: zeros(maxBytes) }),
}

describe('a source is refused that unpacks to more than the limit:', () => {
  for (const [what, source] of Object.entries(large))
    test(what, () => assert.rejects(importing(source()), tooLarge))

  test('a download without a length, which ends where the limit is', async () => {
    let sent = 0
    const server = createServer((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(zeros(65_536))) sent += 65_536
      }
      response.on('drain', more)
      more()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`
    await assert.rejects(importing(source), tooLarge)
    server.closeAllConnections()
    server.close()
    assert.ok(sent < 64 * mebibyte, `${sent} bytes were taken`)
  })

  test('a download that announces it, of which nothing is written', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': maxBytes + 1 }).flushHeaders()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`
    await assert.rejects(importing(source), tooLarge)
    server.closeAllConnections()
    server.close()
  })
})

test('exactly the limit is imported, and without one what is free counts', async () => {
  const padding = { path: 'a', content: zeros(maxBytes - model.length) }
  const { version } = await importing(fileOf(gzipSync(tar([onnx, padding]))))
  assert.equal(version.sizeBytes, maxBytes)
  const twice = fileOf(tar([onnx, { path: 'a', content: zeros(2 * maxBytes) }]))
  await importing(twice, { maxBytes: undefined })
})

test('another import at work does not turn the limit into a reason to try again', async () => {
  const volume = join(place(), 'models')
  mkdirSync(join(volume, '.import-another'), { recursive: true })
  writeFileSync(join(volume, '.import-another/owner'), '{}')
  await assert.rejects(
    importModel(importOptions({ source: fileOf(zeros(2 * maxBytes)), volume, maxBytes })),
    failing('VolumeFull', /unpacks to more/, 'never'),
  )
})
