/** What a folder of sentence-transformers says about the way from a text to its vector. */
import { isAbsolute, join } from 'node:path'
import { StartError } from '../failures/errors.ts'
import { isObject } from '../json/json-object.ts'
import { readJson } from '../models/config-files.ts'
import type { TaskFiles } from '../models/model-files.ts'
import { type PoolingMode, poolingModes } from './pooling.ts'
import { lastName, readLayer, type VectorLayer } from './vector-layers.ts'

export interface SentenceModules {
  readonly pooling: readonly PoolingMode[]
  /** Whether the tokens of a prompt count in the vector. */
  readonly includesPrompt: boolean
  /** Layers behind the pooling, in order. */
  readonly layers: readonly VectorLayer[]
  /** Most tokens of a text, where the folder says so. */
  readonly maxTokens: number | undefined
  readonly lowercase: boolean
  /** Texts that may be put before a text, by name. */
  readonly prompts: ReadonlyMap<string, string>
  /** The name of the one that is, unless a request says otherwise. */
  readonly defaultPrompt: string | undefined
  /** What nothing in the folder says, for a list of what was assumed. */
  readonly assumptions: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

/** Members of a pooling's config.json, and what they ask for. */
const modeMembers: Readonly<Record<string, PoolingMode>> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_mean_sqrt_len_tokens: 'mean_sqrt_len',
  pooling_mode_weightedmean_tokens: 'weightedmean',
  pooling_mode_lasttoken: 'lasttoken',
}

/** Newer files have one member with the names of the modes. */
const askedModes = (config: Json): readonly string[] => {
  const { pooling_mode: named } = config
  if (named !== undefined) return [named].flat().map(String)
  const members = Object.keys(config).filter(
    (name) => name.startsWith('pooling_mode_') && config[name] === true,
  )
  return members.map((name) => modeMembers[name] ?? name)
}

const poolingOf = (config: Json, path: string): readonly PoolingMode[] => {
  const asked = askedModes(config)
  const modes = poolingModes.filter((mode) => asked.includes(mode))
  if (modes.length > 0 && modes.length === asked.length) return modes
  throw new StartError(
    `${path}/config.json sets ${asked.join(', ') || 'no pooling mode'}; ${poolingModes.join(', ')} are known here; serve the model as task tensor to pool its output yourself`,
  )
}

interface Module {
  readonly name: string
  readonly path: string
}

const modulesOf = (list: unknown): readonly Module[] => {
  if (!Array.isArray(list) || !list.every(isObject))
    throw new StartError('modules.json has to be a list of modules; save the model again')
  return list.map(({ type, path }) => ({ name: lastName(type), path: insideFolder(String(path ?? '')) }))
}

/** The folder of a model says which of its files are read, and none beside it. */
const insideFolder = (path: string): string => {
  if (!isAbsolute(path) && !path.split(/[\\/]/).includes('..')) return path
  throw new StartError(
    `modules.json names the folder ${JSON.stringify(path)}, which lies outside of the model's; save the model again with all of its modules`,
  )
}

/** Folders without modules.json, as older ones are. */
const withoutModules: readonly Module[] = [
  { name: 'Transformer', path: '' },
  { name: 'Pooling', path: '1_Pooling' },
  { name: 'Normalize', path: '' },
]

const unknownModule = ({ name, path }: Module): StartError =>
  new StartError(
    `modules.json asks for ${name} (${path || 'no folder'}), which is not known here at its place: a Transformer is followed by Pooling, then by Dense, LayerNorm and Normalize; export the model with its modules in the graph (output sentence_embedding), or serve it as task tensor`,
  )

const readLayers = async (dir: string, modules: readonly Module[]): Promise<readonly VectorLayer[]> => {
  const layers = await Promise.all(
    modules.map(async (module) => {
      const found = await readLayer(dir, module.name, module.path)
      if (found) return found
      throw unknownModule(module)
    }),
  )
  return layers.flat()
}

const readPrompts = async (dir: string): Promise<Pick<SentenceModules, 'prompts' | 'defaultPrompt'>> => {
  const config = ((await readJson(dir, 'config_sentence_transformers.json')) ?? {}) as Json
  const given = isObject(config['prompts']) ? config['prompts'] : {}
  const prompts = new Map(Object.entries(given).map(([name, text]) => [name, String(text)]))
  const name = config['default_prompt_name'] ?? undefined
  if (name === undefined || prompts.has(String(name)))
    return { prompts, defaultPrompt: name === undefined ? undefined : String(name) }
  throw new StartError(
    `default_prompt_name of config_sentence_transformers.json is ${JSON.stringify(name)}, which is not one of its prompts (${[...prompts.keys()].join(', ') || 'it has none'}); name one of them`,
  )
}

/**
 * Reads modules.json with the folders it names, sentence_bert_config.json and config_sentence_transformers.json.
 * @throws StartError naming the module, or its setting, that is not known here
 */
export const readSentenceModules = async ({ dir }: Pick<TaskFiles, 'dir'>): Promise<SentenceModules> => {
  const [list, sentences, prompts] = await Promise.all([
    readJson(dir, 'modules.json'),
    readJson(dir, 'sentence_bert_config.json') as Promise<Json | undefined>,
    readPrompts(dir),
  ])
  const [transformer, ...others] = list === undefined ? withoutModules : modulesOf(list)
  if (transformer && transformer.name !== 'Transformer') throw unknownModule(transformer)
  const [first] = others
  const path = first?.name === 'Pooling' ? first.path : '1_Pooling'
  const config = (await readJson(dir, join(path, 'config.json'))) as Json | undefined
  const { max_seq_length: maxTokens, do_lower_case: lowercase } = sentences ?? {}
  return {
    pooling: config ? poolingOf(config, path) : ['mean'],
    includesPrompt: config?.['include_prompt'] !== false,
    layers: await readLayers(dir, first?.name === 'Pooling' ? others.slice(1) : others),
    maxTokens: typeof maxTokens === 'number' && maxTokens > 0 ? maxTokens : undefined,
    lowercase: lowercase === true,
    ...prompts,
    assumptions: [
      ...(config ? [] : [`${path}/config.json is missing: vectors are the mean of the tokens`]),
      ...(list === undefined ? ['modules.json is missing: vectors are brought to length 1'] : []),
    ],
  }
}
