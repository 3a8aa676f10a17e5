/** How GPT-2's byte-level tokenizers write bytes: each as one printable character. */
export const byteChars: readonly string[] = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let beyond = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : beyond++))
})()

const byteOf = new Map(byteChars.map((char, byte) => [char, byte]))

/** Tokens -> text. A token that has other characters than those of bytes is text already, as in Python. */
export const joinBytes = (tokens: readonly string[]): string =>
  Buffer.concat(
    tokens.map((token) => {
      const bytes = Array.from(token, (char) => byteOf.get(char))
      return bytes.includes(undefined) ? Buffer.from(token) : Buffer.from(bytes as number[])
    }),
  ).toString()
