/**
 * A small hub that speaks the HTTP of Hugging Face as its clients read it: revisions, listings in pages, redirects of `resolve`, and a
 * second server for large files that refuses credentials, as stores behind signed addresses do.
 */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { commitOf, type Files } from './repositories.ts'
import { answerOf, type Send, storeOf, type World } from './routes.ts'

interface HubRequest {
  /** Server that was asked. */
  readonly at: 'hub' | 'cdn'
  readonly path: string
  readonly authorization: string | undefined
  readonly range: string | undefined
}

export interface Hub {
  /** http://127.0.0.1:PORT, as HF_ENDPOINT names it. */
  readonly endpoint: string
  readonly cdn: string
  /** Every request so far. */
  readonly requests: HubRequest[]
  /** @returns the commit that `main` names from now on */
  readonly push: (id: string, files: Files, options?: PushOptions) => string
  /** Lets a token see, and get the files of, these repositories. */
  readonly grant: (token: string, ...ids: readonly string[]) => void
  /** Called before each answer; true where it has answered by itself. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean
  readonly close: () => Promise<void>
}

interface PushOptions {
  /** Default: main. */
  readonly name?: string
  readonly isPrivate?: boolean
  readonly isGated?: boolean
}

export interface HubOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** Entries of a page; 1000 on the hub of Hugging Face. */
  readonly pageSize?: number
}

const listen = async (listener: RequestListener, host: string) => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { base: `http://${host}:${(server.address() as AddressInfo).port}`, close }
}

/** Starts the two servers. */
export const startHub = async ({ host = '127.0.0.1', pageSize = 1000 }: HubOptions = {}): Promise<Hub> => {
  const world: World = {
    ...{ repositories: new Map(), tokens: new Map(), pageSize },
    cdn: () => cdn.base,
    endpoint: () => server.base,
  }
  const requests: HubRequest[] = []
  const heard =
    (at: HubRequest['at'], send: Send): RequestListener =>
    (request, response) => {
      const { authorization, range } = request.headers
      requests.push({ at, path: request.url ?? '', authorization, range })
      if (!hub.intercept(request, response)) send(request, response)
    }
  const cdn = await listen(heard('cdn', storeOf(world)), host)
  const server = await listen(heard('hub', answerOf(world)), host)

  const push: Hub['push'] = (id, files, { name = 'main', isPrivate = false, isGated = false } = {}) => {
    const known = world.repositories.get(id)
    const repository = known ?? { id, isPrivate, isGated, commits: new Map(), names: new Map() }
    const commit = commitOf(files)
    repository.commits.set(commit.sha, commit)
    repository.names.set(name, commit.sha)
    world.repositories.set(id, repository)
    return commit.sha
  }
  const grant: Hub['grant'] = (token, ...ids) => {
    world.tokens.set(token, new Set([...(world.tokens.get(token) ?? []), ...ids]))
  }
  const close = async (): Promise<void> => void (await Promise.all([server.close(), cdn.close()]))
  const hub: Hub = {
    ...{ endpoint: server.base, cdn: cdn.base, requests, push, grant, close },
    intercept: () => false,
  }
  return hub
}
