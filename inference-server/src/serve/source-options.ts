/** The command line of `serve SOURCE`: the options of the import and those of the server, told apart before anything is downloaded. */
import { parseArgs } from 'node:util'
import { importOptions } from '@gantry/contract/commands.ts'
import { StartError } from '../failures/errors.ts'

/** Options of `import` that `serve` takes for its SOURCE. What is left out is about a volume that outlives the server. */
const sourceOptions = [
  'sha256',
  'source-files',
  'public-key',
  'label',
  'ca-file',
  's3-endpoint',
  's3-region',
  's3-path-style',
  'hub-endpoint',
  'plain-http-registries',
  'allow-http-credentials',
  'encryption-key',
] as const satisfies readonly (keyof typeof importOptions)[]

/** Options that say something to both. */
const shared = ['task', 'file', 'strict', 'encryption-keys'] as const satisfies readonly string[]

interface Told {
  /** Arguments of the import. */
  readonly forImport: readonly string[]
  /** Arguments of the server. */
  readonly forServer: readonly string[]
  /** The first option that is about an import alone. */
  readonly only: string | undefined
  readonly value: (name: string) => string | undefined
}

const known = Object.fromEntries(
  [...sourceOptions, ...shared].map((name) => [
    name,
    name === 'strict' ? ({ type: 'boolean' } as const) : importOptions[name],
  ]),
)

const isOneOf = (names: readonly string[], name: string): boolean => names.includes(name)

/** @throws StartError where an option lacks its value */
export const tellApart = (args: readonly string[]): Told => {
  const { tokens } = parseArgs({
    ...{ args: [...args], options: known, strict: false, allowPositionals: true },
    tokens: true,
  })
  const given = tokens.filter((token) => token.kind === 'option' && token.name in known)
  const options = given.flatMap((token) => (token.kind === 'option' ? [token] : []))
  const empty = options.find(({ name, value }) => value === undefined && known[name]?.type === 'string')
  if (empty) throw new StartError(`--${empty.name} needs a value; see serve --help`, 2)
  const own = options.filter(({ name }) => isOneOf(sourceOptions, name))
  const taken = new Set(
    own.flatMap(({ index, inlineValue, value }) =>
      inlineValue === false && value !== undefined ? [index, index + 1] : [index],
    ),
  )
  return {
    forImport: options.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`)),
    forServer: args.filter((_, at) => !taken.has(at)),
    only: own[0]?.name,
    value: (name) => options.find((option) => option.name === name)?.value,
  }
}
