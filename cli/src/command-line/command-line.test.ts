import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commands } from '../commands/index.ts'
import { gantry } from '../testing/gantry.ts'
import { complete, type Names } from './complete.ts'
import { optionsOf } from './options.ts'
import { editDistance, near, suggestion } from './suggestions.ts'

const folder = mkdtempSync(join(tmpdir(), 'gantry-cli-'))
after(() => rmSync(folder, { recursive: true }))

test('help lists every command, and describes each', async () => {
  const { code, out } = await gantry([])
  assert.equal(code, 0)
  for (const { name, isHidden, summary } of commands) {
    assert.equal(out.includes(`  ${name} `), !isHidden, name)
    const help = await gantry(['help', name])
    assert.deepEqual([help.code, help.err], [0, ''], name)
    assert.ok(help.out.includes(summary), name)
  }
})

test('a command describes itself with --help, as the plugin of kubectl where it is called so', async () => {
  const { code, out } = await gantry(['versions', '--help'], { program: 'kubectl gantry' })
  assert.equal(code, 0)
  assert.match(out, /^usage: kubectl gantry versions NAME \[options\]/)
})

const mistakes: readonly (readonly [args: string, sentence: RegExp])[] = [
  ['gte', /There is no command gte\.\nDid you mean get\?/],
  ['-n x get', /The command comes first/],
  ['get --al', /Unknown option '--al'\nDid you mean --all-namespaces\?/],
  ['get a b', /get takes no argument b/],
  ['get a -A', /NAME and --all-namespaces exclude each other/],
  ['get -o xml', /--output is json or yaml, not xml/],
  ['versions', /NAME is missing: a model/],
  ['rollback a --timeout soon --wait -n', /argument missing/],
  ['completion tcsh', /SHELL is bash, zsh, fish, not tcsh/],
  ['help gte', /There is no command gte\.\nDid you mean get\?/],
  ['predict a --timeout 0', /--timeout is a whole number from 1 to 3600, not 0/],
  ['evaluate', /Give --file, or the NAME/],
  ['evaluate --local', /--local measures a file/],
  ['evaluate a --report x', /--report goes with --local/],
  ['logs a --import --evaluate', /exclude each other/],
]
for (const [args, sentence] of mistakes)
  test(`\`gantry ${args}\` is a wrong command line, with a sentence`, async () => {
    const { code, out, err } = await gantry(args.split(' '))
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, sentence)
    assert.doesNotMatch(err, /\n {4}at /)
  })

test('without a kubeconfig a command says where it looked, and ends with 4', async () => {
  const { code, err } = await gantry(['get'], { env: { HOME: folder } })
  assert.equal(code, 4)
  assert.match(err, /There is no kubeconfig: .*\.kube\/config does not exist\.\nSet KUBECONFIG/)
})

const kubeconfig = (name: string, server: string): string => {
  const path = join(folder, name)
  const user = { name: 'user', user: { token: 'x' } }
  const cluster = { name: 'cluster', cluster: { server } }
  const context = { name: 'here', context: { cluster: 'cluster', user: 'user' } }
  const config = { clusters: [cluster], users: [user], contexts: [context], 'current-context': 'here' }
  writeFileSync(path, JSON.stringify(config))
  return path
}

test('a cluster that does not answer, and a context that is not there, are told in a sentence', async () => {
  const file = kubeconfig('unreachable', 'https://127.0.0.1:1')
  const silent = await gantry(['get', '--kubeconfig', file])
  assert.equal(silent.code, 4)
  assert.match(silent.err, /The API server cannot be reached: nothing listens there\./)
  const other = await gantry(['get', '--kubeconfig', file, '--context', 'there'])
  assert.equal(other.code, 4)
  assert.match(other.err, /The kubeconfig has no context there; it has here\./)
})

test('a name that was mistyped is suggested', () => {
  assert.equal(editDistance('vesrions', 'versions'), 1)
  assert.deepEqual(near('vesrion', ['get', 'versions']), ['versions'])
  assert.equal(suggestion('x', []), undefined)
  assert.equal(suggestion('zzz', ['base', 'small']), 'There are: base, small.')
})

const names: Names = async (kind) => (kind === 'models' ? ['support', 'xray'] : [kind])
const offered = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await complete(commands, words, names)).map(({ value }) => value)

test('a shell is offered commands, options, names and values', async () => {
  assert.deepEqual(await offered('ver'), ['versions', 'version'])
  assert.deepEqual(await offered('describe', 's'), ['support'])
  assert.deepEqual(await offered('describe', '-n', ''), ['namespaces'])
  assert.deepEqual(await offered('get', '-o', ''), ['json', 'yaml'])
  assert.deepEqual(await offered('rollback', 'support', ''), ['versions'])
  assert.deepEqual(await offered('rollback', 'support', '--wait', ''), ['versions'])
  assert.deepEqual(await offered('predict', 'support', '--image', ''), [':files'])
  assert.deepEqual(await offered('rollback', '--wa'), ['--wait'])
  assert.deepEqual(await offered('__complete', ''), [])
  assert.deepEqual(await offered('versions', 'support', ''), [])
})

test('no option of a command is spelt like one that all commands have', () => {
  for (const command of commands) {
    const shorts = Object.values(optionsOf(command)).flatMap(({ short }) => short ?? [])
    assert.equal(new Set(shorts).size, shorts.length, `${command.name}: ${shorts}`)
    const common = Object.keys(optionsOf({ ...command, options: {} }))
    for (const name of Object.keys(command.options))
      assert.ok(!common.includes(name), `${command.name} --${name}`)
  }
})
