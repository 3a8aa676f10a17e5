/** The model repository extension: the index of versions, and loading and unloading them. */
import type { Request, Response } from 'express'
import { Failure } from '../failures/errors.ts'
import { isObject, withoutNulls } from '../json/json-object.ts'
import { parseJson } from '../protocol/protocol.ts'
import type { Bodies } from '../requests/bodies.ts'
import type { Members } from '../requests/members.ts'
import { type RepositoryControl, versionParameter } from '../versions/repository-control.ts'
import { readBody } from './body.ts'
import { checkJsonType } from './content-type.ts'
import { replyJson } from './reply.ts'

export interface RepositoryHandlersOptions {
  readonly control: RepositoryControl
  readonly bodies: Bodies
}

const onlyReady = ({ ready = false }: Members): boolean => {
  if (typeof ready === 'boolean') return ready
  throw new Failure('invalid', 'ready has to be true or false', { field: 'ready' })
}

/** The version in the path, or else in the body. @throws Failure */
const versionOf = ({ params }: Request, { parameters = {} }: Members): string | undefined => {
  if (!isObject(parameters))
    throw new Failure('invalid', 'parameters has to be an object', { field: 'parameters' })
  const inBody = versionParameter(withoutNulls(parameters))
  const version = params['version'] as string | undefined
  if (version === undefined || inBody === undefined || version === inBody) return version ?? inBody
  throw new Failure('invalid', `the address names version "${version}", but the body "${inBody}"; name one`, {
    field: 'parameters.version',
  })
}

export const repositoryHandlers = ({ control, bodies }: RepositoryHandlersOptions) => {
  /** Clients may leave the body out. */
  const membersOf = async (request: Request): Promise<Members> => {
    checkJsonType(request.headers)
    const body = await readBody(request, bodies)
    const members = body.length === 0 ? {} : (parseJson(body) ?? {})
    if (isObject(members)) return withoutNulls(members)
    throw new Failure('malformed', 'the body has to be a JSON object, or nothing')
  }
  const change =
    (verb: 'load' | 'unload') =>
    async (request: Request, response: Response): Promise<void> => {
      const name = String(request.params['name'])
      const version = versionOf(request, await membersOf(request))
      const versions = await control[verb](name, version)
      replyJson(response, 200, { name, versions, [verb]: true })
    }
  return {
    index: async (request: Request, response: Response): Promise<void> =>
      replyJson(response, 200, await control.index(onlyReady(await membersOf(request)))),
    load: change('load'),
    unload: change('unload'),
  }
}
