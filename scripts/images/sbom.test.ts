import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { bill } from './bill.ts'
import { closure, type Lock } from './closure.ts'
import { prune } from './prune.ts'
import { billOf } from './sbom.ts'

const root = join(import.meta.dirname, '../..')
const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock
const images = [
  'operator',
  'gateway',
  'inference-server',
  'inference-server-cuda',
  'optimizer',
  'model-store',
] as const

test('the document of an image names what package.json asks for, in the versions and with the hashes of the lock file', async () => {
  for (const workspace of ['operator', 'gateway', 'inference-server'] as const) {
    const manifest = JSON.parse(await readFile(join(root, workspace, 'package.json'), 'utf8'))
    const { components } = billOf(workspace)
    for (const [name, version] of Object.entries<string>(manifest.dependencies)) {
      if (name.startsWith('@gantry/')) continue
      const found = components.find(({ purl }) => purl === `pkg:npm/${name.replace('@', '%40')}@${version}`)
      const { integrity = '' } = lock.packages[`node_modules/${name}`] ?? {}
      const hex = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
      assert.deepEqual(found?.hashes, [{ alg: 'SHA-512', content: hex }], name)
    }
  }
})

test('the document names Node, onnxruntime, the libraries inside libvips, and those of the CUDA image', () => {
  const purls = new Set(billOf('inference-server-cuda').components.map(({ purl }) => purl))
  const onnxruntime = lock.packages['node_modules/onnxruntime-node']?.version
  assert.ok(purls.has(`pkg:generic/node@${process.versions.node}`))
  assert.ok(purls.has(`pkg:generic/onnxruntime@${onnxruntime}`))
  assert.ok(purls.has(`pkg:pypi/onnxruntime-gpu@${onnxruntime}`))
  for (const name of ['vips', 'webp', 'png', 'tiff', 'heif', 'rsvg'])
    assert.ok(
      [...purls].some((purl) => purl?.startsWith(`pkg:generic/${name}@`)),
      name,
    )
})

test("the document of the optimizer names the packages of its lock file, the server's onnxruntime among them, and no Node", () => {
  const purls = new Set(billOf('optimizer').components.map(({ purl }) => purl))
  const onnxruntime = lock.packages['node_modules/onnxruntime-node']?.version
  assert.ok(purls.has(`pkg:pypi/onnxruntime@${onnxruntime}`))
  for (const name of ['onnx', 'onnxslim', 'numpy', 'safetensors', 'protobuf'])
    assert.ok(
      [...purls].some((purl) => purl?.startsWith(`pkg:pypi/${name}@`)),
      name,
    )
  assert.ok(
    ![...purls].some((purl) => purl?.startsWith('pkg:generic/node@') || purl?.startsWith('pkg:pypi/pytest@')),
  )
})

test('the document leaves out what only tests and other platforms need', () => {
  const names = billOf('inference-server').components.map(({ group, name }) =>
    group ? `${group}/${name}` : name,
  )
  for (const name of [
    'openai',
    'typescript',
    '@biomejs/biome',
    '@img/sharp-win32-x64',
    '@img/sharp-linuxmusl-x64',
  ])
    assert.ok(!names.includes(name), name)
  assert.ok(!billOf('operator').components.some(({ name }) => name === 'client-node'))
})

const hexOf = { 'SHA-512': /^[0-9a-f]{128}$/, 'SHA-256': /^[0-9a-f]{64}$/ } as const

for (const image of images) {
  test(`the document of ${image} is CycloneDX 1.6: references are unique and known, hashes are hexadecimal`, () => {
    const document = billOf(image)
    assert.equal(document.bomFormat, 'CycloneDX')
    assert.equal(document.specVersion, '1.6')
    assert.match(document.serialNumber, /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    const refs = document.components.map((component) => component['bom-ref'])
    assert.equal(new Set(refs).size, refs.length)
    const used = document.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
    const known = new Set([document.metadata.component['bom-ref'], ...refs])
    assert.deepEqual(
      used.filter((ref) => !known.has(ref)),
      [],
    )
    for (const { alg, content } of document.components.flatMap(({ hashes = [] }) => hashes))
      assert.match(content, hexOf[alg])
    for (const { purl = 'pkg:none/none@', version } of document.components)
      assert.ok(version && /^pkg:[a-z]+\/.+@/.test(purl), purl)
  })
}

test('the same inputs make the same document', () => {
  assert.deepEqual(billOf('operator'), billOf('operator'))
  assert.notEqual(billOf('operator').serialNumber, billOf('model-store').serialNumber)
})

test('Debian packages are named with the version of dpkg and the Debian that scanners look advisories up for', () => {
  const status =
    'Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9+deb12u10\n'
  const contents = { image: 'operator', version: '1', node: '24.21.0', packages: [], vips: {}, python: [] }
  const { components } = bill({ ...contents, debian: [status], debianVersion: '12' })
  const purls = components.map(({ purl }) => purl)
  assert.ok(purls.includes('pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12'))
})

test('a nested version of a package is the one that its neighbour uses', () => {
  const packages = {
    app: { dependencies: { a: '1', b: '1' } },
    'node_modules/a': { version: '1.0.0', dependencies: { b: '2' } },
    'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { c: '1' } },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/c': {
      version: '1.0.0',
      peerDependencies: { d: '1' },
      peerDependenciesMeta: { d: { optional: true } },
    },
    'node_modules/d': { version: '1.0.0' },
    'node_modules/mac': { version: '1.0.0', os: ['darwin'] },
  }
  const found = closure({ packages }, 'app', { os: 'linux', cpu: 'x64', libc: 'glibc' })
  assert.deepEqual(
    found.map(({ path }) => path),
    ['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/b', 'node_modules/c'],
  )
  assert.deepEqual(found[0]?.needs, ['node_modules/a/node_modules/b'])
})

/** A node_modules folder with what the operator needs, and strangers beside it. */
const strangers = ['node_modules/@strange/er', 'node_modules/winston/node_modules/stranger']
const operatorFolder = async (dir: string): Promise<string> => {
  const paths = billOf('operator').components.map((component) => component['bom-ref'])
  for (const path of [...paths.filter((ref) => ref.startsWith('node_modules/')), ...strangers])
    await mkdir(join(dir, path), { recursive: true })
  return join(dir, 'node_modules')
}

test('a build fails where an unneeded package is installed, or a needed one is missing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-installed-'))
  try {
    const installed = await operatorFolder(dir)
    await rm(join(installed, 'prom-client'), { recursive: true })
    const wrong = [
      ...strangers.map((path) => `${path} is installed and not needed`),
      'node_modules/prom-client is needed and not installed',
    ]
    assert.throws(() => billOf('operator', { installed }), { message: wrong.join('\n') })
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('an image holds no package that its program does not need', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-prune-'))
  try {
    const installed = await operatorFolder(dir)
    assert.deepEqual(prune('operator', installed), strangers)
    assert.deepEqual(billOf('operator', { installed }), billOf('operator'))
    assert.deepEqual(prune('operator', installed), [])
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a build fails where a binary needs a library that the image lacks', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-needed-'))
  try {
    const app = join(dir, 'app')
    const image = join(dir, 'image')
    await mkdir(app)
    await cp(process.execPath, join(app, 'node'))
    const needed = (): { readonly status: number | null; readonly stderr: string } =>
      spawnSync('sh', [join(import.meta.dirname, 'needed.sh'), image, app], { encoding: 'utf8' })
    await mkdir(image)
    const refused = needed()
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /app\/node needs .*libc\.so\.6, which the image lacks/)
    const paths = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).matchAll(/=> (\/\S+)/g)
    for (const [, path = ''] of paths) {
      const real = execFileSync('realpath', [path], { encoding: 'utf8' }).trim()
      await mkdir(join(image, dirname(real)), { recursive: true })
      await writeFile(join(image, real), '')
    }
    assert.deepEqual([needed().status, needed().stderr], [0, ''])
  } finally {
    await rm(dir, { recursive: true })
  }
})
