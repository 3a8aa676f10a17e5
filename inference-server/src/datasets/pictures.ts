import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { codeOf, showBytes } from '../failures/import-error.ts'
import { invalidLine } from './dataset-error.ts'
import { isBelow, realPathWithin } from './inside-folder.ts'

/** Largest picture, bytes: what a request takes by default. */
const maxPictureBytes = 64 * 1024 * 1024

/**
 * The file of a picture.
 * @param path relative to the folder of the data set
 * @returns its real, absolute path
 * @throws DatasetError where it is no file, or outside of the folder
 */
export const pictureFile = async (folder: string, path: string, line: number): Promise<string> => {
  if (!isBelow(path))
    throw invalidLine(
      line,
      'inputs.image must be a path below the folder of the data set, without "..", such as pictures/a.png',
    )
  const file = await realPathWithin(folder, path).catch((error: unknown) => {
    throw invalidLine(line, `inputs.image names a file that cannot be found (${codeOf(error) ?? 'error'})`)
  })
  if (file === undefined)
    throw invalidLine(line, 'inputs.image is a link that leads out of the folder of the data set')
  const found = await stat(file)
  if (!found.isFile()) throw invalidLine(line, 'inputs.image names something that is no file')
  if (found.size > maxPictureBytes)
    throw invalidLine(line, `inputs.image is larger than ${showBytes(maxPictureBytes)}`)
  return file
}

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

/**
 * Digest of a data set with pictures: of the digests of the file of samples and of each picture, in the order of the samples.
 * @param digest sha256:… of the file of samples
 * @param files pictures, each once
 */
export const digestWithPictures = async (digest: string, files: readonly string[]): Promise<string> => {
  const all = createHash('sha256').update(`${digest}\n`)
  for (const file of files) all.update(`${await digestOf(file)}\n`)
  return `sha256:${all.digest('hex')}`
}
