import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { fernetToken, readFernetKey } from './fernet.ts'

const keyText = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const keyOf = (text: string) => readFernetKey(text) ?? assert.fail('is no key')

test('makes the token that Python’s cryptography 50 makes of the same key, time and initialization vector', () => {
  const moment = { seconds: 1_763_913_600, iv: Buffer.from(Array.from({ length: 16 }, (_, index) => index)) }
  assert.equal(
    fernetToken(keyOf(keyText), '我的订单 42 在哪里?', moment),
    'gAAAAABpIy-AAAECAwQFBgcICQoLDA0OD1K5IOS5Bw-o8YHhAT_3Vch3TB4Dvr3mIGdv1Ts3zOvtCb7hfjT-A6n6quL9MmWwMKzqesJjVTovdNcVdmiBFzk=',
  )
})

test('never makes the same token twice', () => {
  assert.notEqual(fernetToken(keyOf(keyText), 'a'), fernetToken(keyOf(keyText), 'a'))
})

for (const wrong of ['', 'short', keyText.slice(1), `${keyText}A`, keyText.replace('A', '+')]) {
  test(`${JSON.stringify(wrong)} is no key`, () => assert.equal(readFernetKey(wrong), undefined))
}

const decrypt = `
import json, sys
from cryptography.fernet import Fernet, MultiFernet
given = json.load(sys.stdin)
fernet = MultiFernet([Fernet(key) for key in given["keys"]])
print(json.dumps([fernet.decrypt(token.encode()).decode() for token in given["tokens"]]))
`
const python = [process.env['PYTHON'] ?? 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import cryptography.fernet']).status === 0,
)

test('Python’s cryptography decrypts what several keys made, of any length', {
  skip: python === undefined && 'python3 has no cryptography',
}, () => {
  const keys = Array.from({ length: 2 }, () => randomBytes(32).toString('base64url').padEnd(44, '='))
  const contents = ['', 'a', 'x'.repeat(15), 'x'.repeat(16), '在哪里'.repeat(999)]
  const tokens = keys.flatMap((key) => contents.map((content) => fernetToken(keyOf(key), content)))
  const { stdout, stderr } = spawnSync(python as string, ['-c', decrypt], {
    input: JSON.stringify({ keys, tokens }),
    encoding: 'utf8',
  })
  assert.deepEqual(stdout && JSON.parse(stdout), [...contents, ...contents], stderr)
})
