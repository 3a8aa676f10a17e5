import { quotedText } from '../failures/shown-text.ts'

/** The kind of file that the first bytes look like, for a file that is no ONNX model; undefined where none is known. It tells nothing of the content. */
export const looksLike = (head: Buffer): string | undefined => {
  if (head.length === 0) return 'an empty file'
  const binary = signatures.find(({ at = 0, bytes }) =>
    head
      .subarray(at, at + bytes.length)
      .equals(Buffer.from(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)),
  )
  if (binary) return binary.is
  const text = textOf(head)
  const start = texts.find(({ pattern }) => pattern.test(text))
  if (start) return start.is
  if (head.every((byte) => byte === 0)) return 'a file of zeros'
  return head.every(isPrintable) ? 'a text' : undefined
}

/** How a text begins, in quotes; undefined for what is none. */
export const beginningOf = (head: Buffer): string | undefined =>
  head.length > 0 && head.every(isPrintable)
    ? `it begins with ${quotedText(textOf(head).slice(0, 40))}`
    : undefined

const textOf = (head: Buffer): string =>
  head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()

/** Whether the file is a Git LFS pointer, which stands for a large file in git. */
export const isLfsPointer = (head: Buffer): boolean =>
  head.subarray(0, lfsStart.length).toString('latin1') === lfsStart

const lfsStart = 'version https://git-lfs.github.com/spec/'

const signatures: readonly {
  readonly at?: number
  readonly bytes: string | readonly number[]
  readonly is: string
}[] = [
  {
    bytes: 'PK\x03\x04',
    is: 'a zip archive or a PyTorch checkpoint; export the model to ONNX, pack archives as .tar.gz',
  },
  { bytes: [0x1f, 0x8b], is: 'a gzip file inside a gzip file' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], is: 'a zstd file; pack the model as .tar.gz' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], is: 'an xz file; pack the model as .tar.gz' },
  { bytes: 'BZh', is: 'a bzip2 file; pack the model as .tar.gz' },
  { bytes: '7z\xbc\xaf', is: 'a 7z archive; pack the model as .tar.gz' },
  { bytes: [0x89, 0x48, 0x44, 0x46], is: 'an HDF5 (Keras) file; export the model to ONNX' },
  { bytes: 'GGUF', is: 'a GGUF file; export the model to ONNX' },
  { at: 4, bytes: 'ORTM', is: 'a model in ORT format; give the .onnx file it was made from' },
  { at: 4, bytes: 'TFL3', is: 'a TensorFlow Lite model; export the model to ONNX' },
  { at: 8, bytes: '{"', is: 'a safetensors file; export the model to ONNX' },
  { bytes: [0x80, 0x02], is: 'a Python pickle; export the model to ONNX' },
  { bytes: [0x80, 0x04], is: 'a Python pickle; export the model to ONNX' },
  { bytes: '%PDF', is: 'a PDF' },
]

const texts: readonly { readonly pattern: RegExp; readonly is: string }[] = [
  {
    pattern: /^version https:\/\/git-lfs/,
    is: 'a git-lfs pointer, not the file it stands for; run git lfs pull, or use the download address of the file itself',
  },
  {
    pattern: /^<(!doctype html|html|head|body)/i,
    is: 'an HTML page; use the address of the file itself, not of the page that shows it',
  },
  {
    pattern: /^<\?xml|^<[a-z]/i,
    is: 'an XML document, perhaps an error of the store; open the address to see what it answers',
  },
  { pattern: /^[{[]/, is: 'a JSON document; open the address to see what it answers' },
]

const isPrintable = (byte: number): boolean => byte >= 32 || (byte >= 9 && byte <= 13)
