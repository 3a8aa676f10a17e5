/** Small pictures for tests, and the ways in which callers send them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import type { TestServer } from './server.ts'

/** A part of a PNG, with its length and checksum. @param type four letters: `IDAT` */
export const pngChunk = (type: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(content.length)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** One small picture in every format that is read. */
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

export type PictureWay = (picture: Buffer) => Promise<Response>

/** Sends a picture as a body of its own, in a form, and as an element of the protocol. */
export const pictureWays = ({ url, post }: TestServer): readonly PictureWay[] => [
  (picture) => post('/predict', picture, { 'content-type': 'image/png' }),
  (picture) => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(picture)]), 'x')
    return fetch(`${url}/predict`, { method: 'POST', body: form })
  },
  (picture) =>
    post('/v2/models/m/infer', {
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [picture.toString('base64')] }],
    }),
]
