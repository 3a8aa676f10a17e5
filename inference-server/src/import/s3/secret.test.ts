import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failing } from '../../testing/imports.ts'
import { keysOf } from './secret.ts'

const id = 'AKIDEXAMPLE'
const key = 'wJalrXUtnFEMI/K7MDENG+bPxRfi'

test('keys come from keys of AWS in the Secret, or from the profile of a file', () => {
  const keys = { accessKeyId: id, secretAccessKey: key, sessionToken: undefined, region: undefined }
  const pair = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key }
  assert.deepEqual(keysOf(pair), keys)
  assert.deepEqual(keysOf({ ...pair, AWS_SESSION_TOKEN: 'FwoGZX==' }), { ...keys, sessionToken: 'FwoGZX==' })
  const lines = `aws_access_key_id = ${id}\naws_secret_access_key=${key}\r\n`
  assert.deepEqual(keysOf({ credentials: `# mine\n[default]\n${lines}` }), keys)
  assert.deepEqual(keysOf({ credentials: `[profile models] ; of the team\n${lines}region = eu-west-1` }), {
    ...keys,
    region: 'eu-west-1',
  })
  const other = '[other]\naws_access_key_id = x\naws_secret_access_key = y\n'
  assert.deepEqual(keysOf({ credentials: `${other}[default]\n${lines}s3 =\n  region = nowhere\n` }), keys)
})

test('a Secret that cannot be used is refused by what is wrong, and shows none of it', () => {
  const refused = (secret: Parameters<typeof keysOf>[0], said: RegExp): void =>
    assert.throws(
      () => keysOf(secret),
      (error: Error) => {
        for (const text of [id, key]) assert.ok(!error.message.includes(text), error.message)
        return failing('SourceForbidden', said)(error)
      },
    )
  const file = (text: string) => ({ credentials: `[default]\naws_access_key_id=${id}\n${text}` })
  assert.throws(
    () => keysOf({}),
    failing(
      'SourceForbidden',
      /needs the keys AWS_ACCESS_KEY_ID.*has none of them, or does not exist/,
      'backoff',
    ),
  )
  refused({ AWS_ACCESS_KEY_ID: id }, /only one is there/)
  refused({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: `${key}\n${key}` }, /a blank, a line break/)
  refused({ credentials: key }, /has no profile such as \[default\]/)
  refused({ credentials: `[a]\nregion=x\n[b]\nregion=y` }, /several profiles and none is \[default\]/)
  refused(file(''), /only one is there/)
  for (const setting of ['credential_process', 'role_arn', 'sso_session', 'source_profile'])
    refused(
      file(`${setting} = /bin/${key}`),
      RegExp(`the profile has ${setting}, which imports do not follow`),
    )
})
