/** The commands of the inference server, and those of their options that other programs write, as parseArgs of node:util reads them. */
const text = { type: 'string' } as const
const yes = { type: 'boolean' } as const

/** The first argument of the program. */
export const commands = {
  serve: 'serve',
  import: 'import',
  evaluate: 'evaluate',
  samples: 'samples',
  fsck: 'fsck',
} as const

/** Options of `serve` that the operator writes; the rest of them reaches a pod in settings.json. */
export const serveOptions = {
  settings: text,
  'drain-seconds': text,
} as const

/** Options of `import` that the operator writes. */
export const importOptions = {
  source: text,
  'source-name': text,
  task: text,
  models: text,
  revision: text,
  label: text,
  file: text,
  'source-files': text,
  export: yes,
  sha256: text,
  'public-key': text,
  's3-endpoint': text,
  's3-region': text,
  's3-path-style': text,
  'source-secret': yes,
  'allow-http-credentials': yes,
  'refuse-private-addresses': yes,
  'max-bytes': text,
  'ca-file': text,
  'hub-endpoint': text,
  'plain-http-registries': text,
  'source-revision': text,
  'version-id': text,
  'version-digest': text,
  'newer-than': text,
  report: text,
  'history-limit': text,
  keep: text,
  pinned: text,
  'requested-by': text,
  commit: text,
  parent: text,
  'parent-digest': text,
  recipe: text,
  'optimization-report': text,
  'max-accuracy-drop': text,
  samples: text,
  'encryption-keys': text,
  'encryption-key': text,
  rewrap: yes,
} as const

/** Options of `evaluate` that the operator writes. `request` is JSON (EvaluationRequest), in one argument or in several that follow each other. */
export const evaluateOptions = {
  request: { type: 'string', multiple: true },
  models: text,
  'allow-http-credentials': yes,
  'refuse-private-addresses': yes,
  'max-bytes': text,
  'ca-file': text,
  report: text,
} as const

/** Options of `samples` that the operator writes. `request` is JSON (SamplesRequest), cut as that of `evaluate` is. */
export const samplesOptions = {
  request: { type: 'string', multiple: true },
  output: text,
  report: text,
  models: text,
  'allow-http-credentials': yes,
  'refuse-private-addresses': yes,
  'max-bytes': text,
  'ca-file': text,
} as const

/** Options of `fsck` that `gantry` writes. */
export const fsckOptions = {
  models: text,
  'encryption-keys': text,
  repair: yes,
  json: yes,
} as const

/** Options of the optimizer, `gantry-optimize`, that the operator writes. */
export const optimizerOptions = {
  model: text,
  export: text,
  'no-missing-values': yes,
  output: text,
  distill: text,
  'distill-epochs': text,
  'distill-seconds': text,
  'distill-seed': text,
  graph: text,
  prune: text,
  'prune-heads': yes,
  replace: yes,
  quantize: text,
  'max-accuracy-drop': text,
  'judge-later': yes,
  dataset: text,
  'dataset-name': text,
  report: text,
  failure: text,
} as const

type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>
type Values<Declared extends Options> = {
  readonly [Name in keyof Declared]?: Declared[Name]['type'] extends 'boolean'
    ? boolean | undefined
    : string | number | undefined
}
export type ServeValues = Values<typeof serveOptions>
export type ImportValues = Values<typeof importOptions>
export type EvaluateValues = Values<typeof evaluateOptions>
export type SamplesValues = Values<typeof samplesOptions>
export type FsckValues = Values<typeof fsckOptions>
export type OptimizerValues = Values<typeof optimizerOptions>

type Given = readonly (readonly [name: string, value: string | number | true])[]

const given = (values: Readonly<Record<string, string | number | boolean | undefined>>): Given =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === false ? [] : [[name, value] as const],
  )

/**
 * Options of `import` as arguments, in the order in which they are given. Name and value are one argument: a value that
 * begins with a hyphen is no option then.
 */
export const importArguments = (values: ImportValues): readonly string[] =>
  given(values).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))

/** Options of the optimizer as arguments, like those of `import`. */
export const optimizerArguments = (values: OptimizerValues): readonly string[] =>
  given(values).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))

/** Options of `fsck` as arguments, like those of `import`. */
export const fsckArguments = (values: FsckValues): readonly string[] => importArguments(values)

/** Linux takes 128 KiB as one argument, and a character has 4 bytes at most. */
const argumentParts = /.{1,30000}/gsu

/**
 * Options of `evaluate` or `samples` as arguments. Name and value are one argument, as for `import`; a request with thousands of
 * labels is cut into several.
 */
export const requestArguments = ({
  request = '',
  ...rest
}: EvaluateValues | SamplesValues): readonly string[] => [
  ...(`${request}`.match(argumentParts) ?? []).map((part) => `--request=${part}`),
  ...importArguments(rest),
]

/** Options of `serve` as arguments. Name and value are two, as in all pods that run: one argument would replace every pod. */
export const serveArguments = (values: ServeValues): readonly string[] =>
  given(values).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, `${value}`]))
