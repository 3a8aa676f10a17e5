/** Hostile files. They are written by hand, because well-behaved libraries refuse to create them. */
import { field } from './protobuf.ts'

/** One 512-byte tar header and what follows it; enough of ustar to be hostile with. */
const tarEntry = (name: string, type: string, link: string, content: Buffer): Buffer => {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write(type, 156)
  header.write(link, 157)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}
export const tarWithFile = (name: string, content: Buffer): Buffer =>
  Buffer.concat([tarEntry(name, '0', '', content), Buffer.alloc(1024)])
export const tarWithLink = (name: string, target: string): Buffer =>
  Buffer.concat([tarEntry(name, '2', target, Buffer.alloc(0)), Buffer.alloc(1024)])

/** An ONNX ModelProto whose one initializer claims to lie in another file. */
export const onnxWithExternalData = (location: string): Buffer => {
  const entry = Buffer.concat([field(1, 'location'), field(2, location)])
  const tensor = Buffer.concat([
    Buffer.from([0x08, 1, 0x10, 1]), // dims: [1], data_type: FLOAT
    field(8, 'weight'),
    field(13, entry),
    Buffer.from([0x70, 1]), // data_location: EXTERNAL
  ])
  const value = Buffer.concat([field(1, 'weight')])
  const graph = Buffer.concat([field(2, 'graph'), field(5, tensor), field(12, value)])
  return Buffer.concat([Buffer.from([0x08, 8]), field(7, graph), field(8, Buffer.from([0x10, 17]))])
}
