import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { baseArguments, baseNames, copiedPaths, digestOfInputs } from './image-inputs.ts'

const text = `# FROM nothing:here
FROM --platform=linux/amd64 node:24-bookworm-slim AS build
COPY package.json package-lock.json ./
RUN npm ci \\
  && rm -rf /tmp/x
COPY ["src", "/app/"]
FROM build AS tested
FROM debian:bookworm-slim
COPY --from=build --chown=1000 /app /app
ADD --chmod=644 data/*.json /data/
`

test('only images from outside are bases', () => {
  assert.deepEqual(baseNames(text), ['node:24-bookworm-slim', 'debian:bookworm-slim'])
  assert.deepEqual(baseNames('FROM scratch\n'), [])
})

const digestOfNode = `sha256:${'0'.repeat(64)}`
const pinned = `ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim@${digestOfNode}
ARG UNUSED=1
FROM \${NODE_IMAGE} AS build
FROM $NODE_IMAGE AS system
FROM scratch
COPY --from=build /app /app
`

test('a base that an argument names by tag and digest is found once, by its tag', () => {
  assert.deepEqual(baseNames(pinned), ['docker.io/library/node:24.21.0-bookworm-slim'])
})

test('an argument is overridden where its base was made here, since that has another digest', () => {
  assert.deepEqual(baseArguments(pinned), ['NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim'])
  assert.deepEqual(baseArguments(text), [])
})

test('what is copied from another stage is no input', () => {
  assert.deepEqual(copiedPaths(text), ['package.json', 'package-lock.json', 'src', 'data/*.json'])
})

let context: string
const put = async (path: string, content: string): Promise<void> => {
  await mkdir(join(context, path, '..'), { recursive: true })
  await writeFile(join(context, path), content)
}
const digest = (bases: readonly string[] = ['id-1']): Promise<string> =>
  digestOfInputs({ dockerfile: join(context, 'Dockerfile'), context, bases })

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), 'gantry-inputs-'))
  await put('Dockerfile', text)
  await put('package.json', '{}')
  await put('src/main.ts', 'one')
  await put('data/a.json', '1')
})
afterEach(() => rm(context, { recursive: true }))

test('a change of anything that is copied changes the digest', async () => {
  const before = await digest()
  assert.equal(await digest(), before)
  await put('src/main.ts', 'two')
  const afterSource = await digest()
  assert.notEqual(afterSource, before)
  await put('data/b.json', '2')
  assert.notEqual(await digest(), afterSource)
})

test('a change of a base image changes the digest', async () => {
  assert.notEqual(await digest(['id-1']), await digest(['id-2']))
})

test('files that .dockerignore leaves out do not change the digest, in any folder', async () => {
  await put('.dockerignore', '# tests and pages\n**/*.test.ts\n**/README.md\n**/testing\ndata\n')
  await put('src/deep/kept.ts', 'one')
  const before = await digest()
  await put('src/README.md', 'other')
  await put('src/deep/main.test.ts', 'other')
  await put('src/deep/testing/cluster.ts', 'other')
  await put('data/b.json', '2')
  assert.equal(await digest(), before)
  await put('src/README.ts', 'other')
  assert.notEqual(await digest(), before)
})

test('a .dockerignore that takes something back is refused, since it is read line by line', async () => {
  await put('.dockerignore', '**/*.md\n!README.md\n')
  await assert.rejects(digest(), /!README\.md/)
})

test('what is not copied, and installed modules, change nothing', async () => {
  const before = await digest()
  await put('README.md', 'other')
  await put('src/node_modules/x/index.js', 'x')
  assert.equal(await digest(), before)
})
