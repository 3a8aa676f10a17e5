/** What `npm pack` packs, built and run in a folder that has no packages above it. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import packageJson from './package.json' with { type: 'json' }

const folder = mkdtempSync(join(tmpdir(), 'gantry-package-'))
const dist = join(folder, 'dist')
before(() => {
  execFileSync(process.execPath, [join(import.meta.dirname, 'build.ts'), '--out', dist])
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
})
after(() => rmSync(folder, { recursive: true }))

const run = (name: string, ...args: readonly string[]) => {
  const env = { HOME: folder, PATH: process.env['PATH'] }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, `${name}.js`), ...args], {
    env,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

test('every name of the program is there and runs', () => {
  for (const path of Object.values(packageJson.bin)) assert.ok(existsSync(join(folder, path)), path)
  assert.match(run('gantry', '--help').out, /^usage: gantry COMMAND/)
  assert.match(run('kubectl-gantry', 'help', 'get').out, /^usage: kubectl gantry get/)
  assert.equal(run('gantry', 'version').out, `gantry ${packageJson.version}\n`)
  assert.match(run('kubectl_complete-gantry', 'vers').out, /^versions\t.*\nversion\t.*\n:4\n$/)
})

test('it imports nothing but modules of Node, so that the package has no dependencies', () => {
  assert.equal('dependencies' in packageJson, false)
  const texts = globSync('**/*.js', { cwd: dist }).map((path) => readFileSync(join(dist, path), 'utf8'))
  const imported = texts.flatMap((text) =>
    [...text.matchAll(/^(?:import|export) .*?["']([^"']+)["'];?$/gm)].map(([, name = '']) => name),
  )
  assert.ok(imported.length > 10)
  const foreign = imported.filter(
    (name) => !name.startsWith('.') && !builtinModules.includes(name.replace(/^node:/, '')),
  )
  assert.deepEqual(foreign, [])
})

test('it reads a kubeconfig, and tells in a sentence that the cluster does not answer', () => {
  const kubeconfig = {
    clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'a', user: { token: 'x' } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  }
  const file = join(folder, 'kubeconfig')
  writeFileSync(file, JSON.stringify(kubeconfig))
  const { code, err } = run('gantry', 'get', '--kubeconfig', file)
  assert.equal(code, 4)
  assert.match(err, /^error: The API server cannot be reached: nothing listens there\.\n.*\n$/)
})

test('the licences of what is in it go with it', () => {
  const text = readFileSync(join(dist, 'LICENSES.txt'), 'utf8')
  for (const name of ['@kubernetes/client-node', 'ws', 'js-yaml', 'fast-string-width'])
    assert.match(text, new RegExp(`^${name} \\d`, 'm'))
})
