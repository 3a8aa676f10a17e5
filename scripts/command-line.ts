/** Command lines of scripts: `--help` prints the usage, and a mistake is answered with a sentence and the usage. */

export type CommandLine<Options> =
  | { readonly kind: 'options'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly message: string }

/** @param read throws an Error whose message says what is wrong */
export const readCommandLine = <Options>(
  args: readonly string[],
  read: (args: readonly string[]) => Options,
): CommandLine<Options> => {
  if (args.includes('--help')) return { kind: 'help' }
  try {
    return { kind: 'options', options: read(args) }
  } catch (error) {
    return { kind: 'refused', message: (error as Error).message }
  }
}

/** The options, or the end of this process where the command line asks for help or has a mistake. */
export const optionsOrEnd = <Options>(line: CommandLine<Options>, usage: string): Options => {
  if (line.kind === 'options') return line.options
  if (line.kind === 'help') console.log(usage)
  else console.error(`${line.message}\n\n${usage}`)
  return process.exit(line.kind === 'help' ? 0 : 2)
}

/** @throws Error */
export const wholeNumber = (option: string, text: string, least: number): number => {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text)
  throw new Error(`--${option} must be a whole number from ${least}, not ${text}`)
}
