/** One small picture in every format that is read. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

export const everyFormat = async (): Promise<Readonly<Record<string, Buffer>>> => {
  const png = await readFile(join(import.meta.dirname, '../../golden/pictures/green-triangle-small.png'))
  const picture = sharp(png)
  return {
    png,
    jpeg: await picture.clone().jpeg().toBuffer(),
    webp: await picture.clone().webp().toBuffer(),
    gif: await picture.clone().gif().toBuffer(),
    tiff: await picture.clone().tiff().toBuffer(),
    lossless: await picture.clone().webp({ lossless: true }).toBuffer(),
    interlaced: await picture.clone().png({ progressive: true }).toBuffer(),
    palette: await picture.clone().png({ palette: true }).toBuffer(),
  }
}
