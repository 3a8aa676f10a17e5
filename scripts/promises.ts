/** The promises of docs/security.md, and the tests that hold them. */

export interface Promised {
  readonly promise: string
  /** Path in the repository. */
  readonly file: string
  /** Name of the test, as in its file. Where the name is made of parts, the text before the first of them. */
  readonly test: string
}

/** Rows `| promise | [file](../file): name of the test |` of a Markdown page. */
export const promises = (page: string): readonly Promised[] =>
  [...page.matchAll(/^\| (.+?) \| \[([^\]]+)\]\(\.\.\/([^)]+)\): (.+?) \|$/gm)].map(
    ([, promise = '', shown = '', file = '', test = '']) => {
      if (shown !== file) throw new Error(`docs/security.md: ${shown} leads to ${file}`)
      return { promise, file, test: test.replaceAll('\\|', '|') }
    },
  )

const escaped = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'")

/** Whether a test file has a test of this name that is not skipped. */
export const hasTest = (source: string, name: string): boolean =>
  new RegExp(
    `\\b(?:test|it|describe|suite|fuzzTest)\\(\\s*(?:\\w+,\\s*)?(['"\`])${escaped(name)}(?:\\1|\\s*\\$\\{)`,
  ).test(source)
