/** Fernet tokens, as the `cryptography` package of Python reads them: AES-128-CBC, HMAC-SHA256, base64url. */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto'

export interface FernetKey {
  readonly signing: Buffer
  readonly encryption: Buffer
}

const keyBytes = 32

/** @param text base64url of 32 bytes, as Fernet.generate_key() gives it @returns undefined where it is something else */
export const readFernetKey = (text: string): FernetKey | undefined => {
  if (!/^[\w-]{43}=?$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== keyBytes) return undefined
  return { signing: bytes.subarray(0, 16), encryption: bytes.subarray(16) }
}

const version = Buffer.from([0x80])

/** What a token holds besides its content; passed in by tests that compare tokens. */
export interface FernetMoment {
  readonly seconds: number
  /** 16 bytes, never used twice with a key. */
  readonly iv: Buffer
}

const now = (): FernetMoment => ({ seconds: Math.floor(Date.now() / 1000), iv: randomBytes(16) })

export const fernetToken = (
  key: FernetKey,
  content: string,
  { seconds, iv }: FernetMoment = now(),
): string => {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(seconds))
  const cipher = createCipheriv('aes-128-cbc', key.encryption, iv)
  const signed = Buffer.concat([version, time, iv, cipher.update(content, 'utf8'), cipher.final()])
  const signature = createHmac('sha256', key.signing).update(signed).digest()
  const token = Buffer.concat([signed, signature]).toString('base64url')
  return token.padEnd(Math.ceil(token.length / 4) * 4, '=')
}
