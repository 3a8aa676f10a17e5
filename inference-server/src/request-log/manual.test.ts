/** The Python of docs/request-log.md, run as it stands there, on what the server writes with keys out of a folder. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSecretFolder } from '../security/secret-folder.ts'
import { coverOf } from './cover.ts'

const text = '我的订单'
const python = process.env['PYTHON'] ?? 'python3'
const has = (...modules: readonly string[]): boolean =>
  spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0

const manual = await readFile(new URL('../../../docs/request-log.md', import.meta.url), 'utf8')

/** The program of the manual that imports a module. */
const programWith = (module: string): string => {
  const programs = Array.from(manual.matchAll(/```python\n([\s\S]*?)```/g), ([, program]) => String(program))
  return programs.find((program) => program.includes(module)) ?? assert.fail(`no program with ${module}`)
}

/** What the program prints where the folder holds these keys and the log is one line about the text. */
const printed = async (
  mode: 'hashed' | 'encrypted',
  keys: Readonly<Record<string, Buffer | string>>,
  module: string,
): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-manual-'))
  try {
    await mkdir(join(dir, 'keys'))
    for (const [name, key] of Object.entries(keys))
      for (const path of [join(dir, name), join(dir, 'keys', name)]) await writeFile(path, key)
    const cover = coverOf(mode, readSecretFolder(join(dir, 'keys')))
    await writeFile(join(dir, 'lines'), `${JSON.stringify({ request: { text: cover.text(text) } })}\n`)
    const { stdout, stderr } = spawnSync(python, ['-X', 'utf8', '-c', programWith(module)], {
      cwd: dir,
      encoding: 'utf8',
    })
    assert.equal(stderr, '')
    return stdout.trim()
  } finally {
    await rm(dir, { recursive: true })
  }
}

const binary = Buffer.from([...Array.from({ length: 31 }, (_, index) => 0xf0 + (index % 16)), 0x0a])

for (const [title, key] of [
  ['a text', 'a key that is long enough'],
  ['a text with the line break of an editor', 'a key that is long enough\r\n \n'],
  ['random bytes', binary.subarray(0, 31)],
  ['random bytes that end like a line', binary],
] as const)
  test(`a hash under ${title} is found as the manual says`, {
    skip: !has('hmac') && 'there is no python3',
  }, async () => {
    assert.equal(await printed('hashed', { '2026-11': key }, 'hashlib'), 'True')
  })

test('a token is decrypted as the manual says', {
  skip: !has('cryptography.fernet') && 'python3 has no cryptography',
}, async () => {
  const [old, now] = [
    'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    'R6UornWWrO6Y-fgvtMXybmffc0EkKXQRHgk1SaAnK3o=',
  ]
  assert.equal(await printed('encrypted', { '2026-10': old, '2026-11': `${now}\n` }, 'cryptography'), text)
})
