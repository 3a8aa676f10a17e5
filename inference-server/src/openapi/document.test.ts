/** The document and the server say the same. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { addition, modelRepository } from '../testing/models.ts'
import { folderServer, repositoryServer, type TestServer, testServer } from '../testing/server.ts'

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security?: readonly unknown[] }>>>
  >
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>
    readonly securitySchemes?: object
  }
  readonly security?: readonly unknown[]
}

const documentOf = async (server: TestServer): Promise<Document> => {
  const response = await server.get('/openapi.json')
  assert.equal(response.status, 200)
  return (await response.json()) as Document
}

const golden = (model: string): string => join(import.meta.dirname, '../../golden/models', model)
const everywhere = [
  '/v2',
  '/v2/models',
  '/v2/models/m',
  '/v2/models/m/infer',
  '/metrics',
  '/stats',
  '/v2/repository/index',
]

const served: readonly (readonly [string, () => Promise<TestServer>, readonly string[]])[] = [
  ['tensor', () => testServer(addition()), ['/explain', '/v2/models/m/explain']],
  [
    'tensor with --drift record',
    () => testServer(addition(), ['--drift', 'record']),
    ['/drift/reference', '/explain'],
  ],
  [
    'text-classification',
    () =>
      folderServer(join(import.meta.dirname, '../../../examples/customer-service/model'), [
        ...['--task', 'text-classification'],
      ]),
    ['/predict', '/chat', '/explain'],
  ],
  [
    'image-classification',
    () => folderServer(golden('image-classification'), ['--task', 'image-classification']),
    ['/predict', '/analyze', '/explain'],
  ],
  [
    'text-generation',
    () => folderServer(golden('text-generation-gpt2'), ['--task', 'text-generation']),
    ['/predict', '/v1/completions'],
  ],
  [
    'feature-extraction',
    () => folderServer(golden('feature-extraction'), ['--task', 'feature-extraction']),
    ['/predict', '/v1/embeddings'],
  ],
  [
    'text-generation with a chat template',
    () => folderServer(golden('text-generation-llama'), ['--task', 'text-generation']),
    ['/predict', '/v1/completions', '/v1/chat/completions'],
  ],
]

test('documents loads and unloads where they are allowed, and what is there', async () => {
  await using folder = await modelRepository({ 1: addition() })
  await using open = await repositoryServer(folder.dir, ['--load-unload'])
  await using closed = await repositoryServer(folder.dir)
  for (const verb of ['load', 'unload']) {
    const path = `/v2/repository/models/m/${verb}`
    assert.ok((await documentOf(open)).paths[path]?.['post'], path)
    assert.equal((await open.post(path, {})).status, 200)
    assert.equal((await documentOf(closed)).paths[path], undefined)
    if (verb === 'unload') assert.equal((await open.get('/openapi.json')).status, 503)
  }
})

for (const [task, serve, own] of served) {
  test(`${task}: there is something at every documented address, under the documented method`, async () => {
    await using server = await serve()
    const { paths } = await documentOf(server)
    for (const path of [...everywhere, ...own]) assert.ok(paths[path], `${path} is not documented`)
    const others = [
      '/chat',
      '/analyze',
      '/explain',
      '/predict',
      '/v1/chat/completions',
      '/v1/embeddings',
      '/drift/reference',
    ].filter((path) => !own.includes(path))
    for (const path of others) assert.equal(paths[path], undefined, path)
    for (const [path, operations] of Object.entries(paths)) {
      for (const method of Object.keys(operations)) {
        const response = await fetch(server.url + path, {
          method: method.toUpperCase(),
          ...(method === 'post' && { body: '{}', headers: { 'content-type': 'application/json' } }),
        })
        await response.arrayBuffer()
        assert.ok(response.status !== 404 && response.status !== 405, `${method} ${path}: ${response.status}`)
      }
    }
  })

  test(`${task}: every reference leads somewhere`, async () => {
    await using server = await serve()
    const document = await documentOf(server)
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)]
    assert.ok(references.length > 0)
    for (const [, name] of references) assert.ok(document.components.schemas[String(name)], name)
  })
}

test('parameters of /predict stand beside instances, not within them', async () => {
  const [, serve] = served.find(([task]) => task === 'text-classification') ?? assert.fail('not there')
  await using server = await serve()
  const { paths } = await documentOf(server)
  const post = paths['/predict']?.['post'] as unknown as {
    readonly requestBody: { readonly content: Readonly<Record<string, { readonly schema: object }>> }
  }
  const { schema } = post.requestBody.content['application/json'] ?? assert.fail('takes no JSON')
  const { anyOf } = schema as { readonly anyOf: readonly { readonly properties?: object }[] }
  const several = anyOf.find(({ properties }) => properties)?.properties as {
    readonly instances: { readonly items: { readonly anyOf: readonly { readonly properties?: object }[] } }
  }
  assert.deepEqual(Object.keys(several), ['instances', 'parameters'])
  const [, instance] = several.instances.items.anyOf
  assert.deepEqual(Object.keys(instance?.properties ?? {}), ['text'])
})

test('says which operations ask for an API key, as the server does', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-keys-'))
  await writeFile(join(dir, 'shop'), 'shop-0123456789abcdef')
  await using server = await testServer(addition(), ['--api-keys', dir])
  const { paths, security, components } = await documentOf(server)
  assert.equal(security?.length, 2)
  assert.ok(components.securitySchemes)
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const response = await fetch(server.url + path, { method: method.toUpperCase() })
      await response.arrayBuffer()
      assert.equal(response.status === 401, operation.security?.length !== 0, `${method} ${path}`)
    }
  }
  await rm(dir, { recursive: true })
})
