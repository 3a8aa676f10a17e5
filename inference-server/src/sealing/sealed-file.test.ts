import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SealError } from './seal-error.ts'
import { beginSealing } from './seal-stream.ts'
import { openSealedFile, type SealedEntry } from './sealed-file.ts'
import { chunkBytes, headerBytes, openedSize, sealedChunkBytes, sealedSize } from './sealed-format.ts'

const dir = mkdtempSync(join(tmpdir(), 'sealed-'))
after(() => rmSync(dir, { recursive: true, force: true }))

const versionKey = randomBytes(32)
const file = join(dir, 'model.onnx')

/** Seals the content in pieces of the given length. */
const seal = (
  content: Buffer,
  pieceBytes = 10_000,
): { readonly sealed: Buffer; readonly entry: SealedEntry } => {
  const sealing = beginSealing(versionKey)
  const parts: Buffer[] = []
  for (let at = 0; at < content.length; at += pieceBytes)
    parts.push(sealing.push(content.subarray(at, at + pieceBytes)))
  parts.push(sealing.end())
  return {
    sealed: Buffer.concat(parts),
    entry: { path: 'model.onnx', sizeBytes: content.length, seal: sealing.seal },
  }
}

/** Reads the file as a whole, in pieces of an odd length. */
const open = (sealed: Buffer, entry: SealedEntry, key = versionKey): Buffer => {
  writeFileSync(file, sealed)
  const opened = openSealedFile(file, entry, key)
  try {
    const parts: Buffer[] = []
    for (let at = 0; ; ) {
      const target = Buffer.alloc(9_973)
      const length = opened.read(target, target.length, at)
      if (length === 0) return Buffer.concat(parts)
      parts.push(target.subarray(0, length))
      at += length
    }
  } finally {
    opened.close()
  }
}

const content = randomBytes(3 * chunkBytes + 1234)
const chunkAt = (sealed: Buffer, chunk: number): Buffer =>
  sealed.subarray(headerBytes + chunk * sealedChunkBytes, headerBytes + (chunk + 1) * sealedChunkBytes)

test('what was sealed is read as it was, for every size around the border of a chunk', () => {
  for (const size of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes, content.length])
    for (const piece of [1_000, chunkBytes, 3 * chunkBytes]) {
      const plain = content.subarray(0, size)
      const { sealed, entry } = seal(plain, piece)
      assert.equal(sealed.length, sealedSize(size))
      assert.equal(openedSize(sealed.length), size)
      assert.ok(open(sealed, entry).equals(plain), `${size} bytes in pieces of ${piece}`)
    }
})

test('a sealed file has none of its content in the clear, and no two seals of it are alike', () => {
  const plain = Buffer.alloc(2 * chunkBytes, 'the same sixteen')
  const [one, other] = [seal(plain).sealed, seal(plain).sealed]
  assert.equal(one.indexOf('the same sixteen'), -1)
  assert.ok(!one.equals(other))
  assert.ok(!chunkAt(one, 0).equals(chunkAt(one, 1)))
})

test('a bit flipped anywhere is found: in the header, in a chunk, in a tag', () => {
  const { sealed, entry } = seal(content)
  const places = [0, 7, 8, 39, headerBytes, headerBytes + chunkBytes, sealed.length - 17, sealed.length - 1]
  for (const place of places) {
    const flipped = Buffer.from(sealed)
    flipped[place] = (flipped[place] as number) ^ 1
    assert.throws(() => open(flipped, entry), SealError, `byte ${place}`)
  }
})

test('a file cut at any place is found, between two chunks as well', () => {
  const { sealed, entry } = seal(content)
  const ends = [
    0,
    20,
    headerBytes,
    headerBytes + sealedChunkBytes,
    headerBytes + 3 * sealedChunkBytes,
    sealed.length - 1,
  ]
  for (const end of ends) assert.throws(() => open(sealed.subarray(0, end), entry), SealError, `${end} bytes`)
})

test('a file cut between two chunks is found also where the version were made to say its new size', () => {
  const { sealed, entry } = seal(content)
  const cut = sealed.subarray(0, headerBytes + 2 * sealedChunkBytes)
  assert.throws(() => open(cut, { ...entry, sizeBytes: 2 * chunkBytes }), SealError)
})

test('bytes appended to a file are found', () => {
  const { sealed, entry } = seal(content)
  for (const more of [Buffer.from([0]), chunkAt(sealed, 0)])
    assert.throws(() => open(Buffer.concat([sealed, more]), entry), SealError)
})

test('chunks in another order, or of another file of the version, are found', () => {
  const { sealed, entry } = seal(content)
  const head = sealed.subarray(0, headerBytes)
  const rest = sealed.subarray(headerBytes + 2 * sealedChunkBytes)
  const swapped = Buffer.concat([head, chunkAt(sealed, 1), chunkAt(sealed, 0), rest])
  assert.throws(() => open(swapped, entry), SealError)
  const other = seal(content).sealed
  const mixed = Buffer.concat([head, chunkAt(other, 0), sealed.subarray(headerBytes + sealedChunkBytes)])
  assert.throws(() => open(mixed, entry), SealError)
})

test('a whole file of the version under the name of another is found', () => {
  const { entry } = seal(content)
  assert.throws(() => open(seal(content).sealed, entry), SealError)
})

test('another key opens nothing', () => {
  const { sealed, entry } = seal(content)
  assert.throws(() => open(sealed, entry, randomBytes(32)), SealError)
})

test('a file in the clear is refused where a sealed one is expected', () => {
  const { entry } = seal(content)
  assert.throws(() => open(content, entry), SealError)
  assert.ok(readFileSync(file).equals(content))
})
