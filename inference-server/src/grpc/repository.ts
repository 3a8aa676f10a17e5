/** The model repository calls, as Triton has them. */
import type { Metadata } from '@grpc/grpc-js'
import type { ApiKeys } from '../api-keys.ts'
import { type IndexEntry, type RepositoryControl, versionParameter } from '../repository-control.ts'
import { parametersOf } from './convert.ts'
import { admitCall } from './exchange.ts'
import type { RepositoryChangeRequest, RepositoryIndexRequest } from './messages.ts'

export interface RepositoryOptions {
  readonly control: RepositoryControl
  /** undefined: everybody may ask. */
  readonly apiKeys: ApiKeys | undefined
}

/** Who calls, and with what. */
interface Sender {
  readonly metadata: Metadata
}

export const repositoryAnswers = ({ control, apiKeys }: RepositoryOptions) => {
  const change =
    (verb: 'load' | 'unload') =>
    async ({ model_name = '', parameters = {} }: RepositoryChangeRequest, { metadata }: Sender) => {
      admitCall(metadata, apiKeys)
      await control[verb](model_name, versionParameter(parametersOf(parameters)))
      return {}
    }
  return {
    index: async (
      { ready = false }: RepositoryIndexRequest,
      { metadata }: Sender,
    ): Promise<{ readonly models: readonly IndexEntry[] }> => {
      admitCall(metadata, apiKeys)
      return { models: await control.index(ready) }
    },
    load: change('load'),
    unload: change('unload'),
  }
}
