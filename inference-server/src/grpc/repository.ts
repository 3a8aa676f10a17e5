/** The model repository calls, as Triton has them. */
import { type IndexEntry, type RepositoryControl, versionParameter } from '../versions/repository-control.ts'
import { parametersOf } from './convert.ts'
import type { RepositoryChangeRequest, RepositoryIndexRequest } from './messages.ts'

/** Answers to calls whose key the gate has checked. */
export const repositoryAnswers = (control: RepositoryControl) => {
  const change =
    (verb: 'load' | 'unload') =>
    async ({ model_name = '', parameters = {} }: RepositoryChangeRequest) => {
      await control[verb](model_name, versionParameter(parametersOf(parameters)))
      return {}
    }
  return {
    index: async ({
      ready = false,
    }: RepositoryIndexRequest): Promise<{ readonly models: readonly IndexEntry[] }> => ({
      models: await control.index(ready),
    }),
    load: change('load'),
    unload: change('unload'),
  }
}
