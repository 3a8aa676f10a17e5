/** Tokenizers of sacrebleu. */
import { pythonWords, stripped } from './python-text.ts'

export type BleuTokenizer = '13a' | 'zh' | 'char'

/** Separates punctuation of Western texts, but not that within numbers. */
const western = (line: string): string =>
  line
    .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ')

/** That of mteval-v13a.pl, sacrebleu's default. */
const mteval = (line: string): string => {
  const joined = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ')
  const unescaped = joined
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
  return western(` ${unescaped} `)
}

/**
 * What the tokenizer for Chinese takes for a character of its own: ideographs, their punctuation and parts, and full-width forms. The
 * first range is wider than its authors say it is (they mean ideographs beyond U+FFFF, which stay in their words), and kept, so that
 * values are those of sacrebleu.
 */
const chineseCharacter =
  /[\u2001-\u2a6d\u2e80-\u2fdf\u2ff0-\u303f\u3100-\u312f\u31a0-\u31bf\u31c0-\u31ef\u3200-\u33ff\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]/gu

const chinese = (line: string): string => western(line.replace(chineseCharacter, ' $& '))

const characters = (line: string): string => [...line].join(' ')

const tokenizers: Readonly<Record<BleuTokenizer, (line: string) => string>> = {
  '13a': mteval,
  zh: chinese,
  char: characters,
}

/** Words of a text. White space at its ends is no part of it. */
export const bleuWords = (text: string, tokenizer: BleuTokenizer): readonly string[] =>
  pythonWords(tokenizers[tokenizer](stripped(text)))

const count = (text: string, letters: RegExp): number => text.match(letters)?.length ?? 0

/**
 * The tokenizer for the language of the references, as sacrebleu would choose by the language's name: `zh` for Chinese, and 13a for all
 * that put spaces between words. For Japanese, whose words need a dictionary there, it is `char`.
 */
export const tokenizerFor = (references: readonly string[]): BleuTokenizer => {
  let [letters, ideographs, kana] = [0, 0, 0]
  for (const text of references) {
    letters += count(text, /\p{L}/gu)
    ideographs += count(text, /\p{Script=Han}/gu)
    kana += count(text, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu)
  }
  if (2 * (ideographs + kana) <= letters) return '13a'
  return kana > 0 ? 'char' : 'zh'
}
