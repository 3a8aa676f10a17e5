import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../machine/command.ts'

/** Paths of a PEM certificate and its PEM key. */
export type Certificate = { readonly cert: string; readonly key: string }

export type Subject = {
  readonly commonName: string
  readonly organization?: string
  /** Names in openssl's form: `IP:127.0.0.1`, `DNS:localhost`. Only server certificates have them. */
  readonly altNames?: readonly string[]
}

const validDays = '3650' // a local cluster that was forgotten for a year still starts

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'] as const

const at = (folder: string, name: string): Certificate => ({
  cert: join(folder, `${name}.crt`),
  key: join(folder, `${name}.key`),
})

/** Creates a certificate authority in `folder`. */
export const createAuthority = async (folder: string, name: string): Promise<Certificate> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const ca = at(folder, name)
  const usage = [
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
  ]
  const out = ['-keyout', ca.key, '-out', ca.cert]
  await run('openssl', [
    'req',
    '-x509',
    ...newKey,
    '-subj',
    `/CN=${name}`,
    '-days',
    validDays,
    ...usage,
    ...out,
  ])
  return ca
}

/** Signs a new key with `authority`; the files lie in `folder` as `name`.crt and `name`.key. */
export const issue = async (
  authority: Certificate,
  folder: string,
  name: string,
  subject: Subject,
): Promise<Certificate> => {
  const made = at(folder, name)
  const organization = subject.organization ? `/O=${subject.organization}` : ''
  const usage = subject.altNames ? 'serverAuth,clientAuth' : 'clientAuth'
  const extensions = ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', `extendedKeyUsage=${usage}`]
  if (subject.altNames) extensions.push('-addext', `subjectAltName=${subject.altNames.join(',')}`)
  await run('openssl', [
    ...['req', '-x509', '-CA', authority.cert, '-CAkey', authority.key, ...newKey, '-days', validDays],
    ...['-subj', `${organization}/CN=${subject.commonName}`, ...extensions],
    ...['-keyout', made.key, '-out', made.cert],
  ])
  return made
}

/** The key pair that signs service account tokens. @returns the path of the private key; the public one has `.pub` added */
export const createSigningKey = async (folder: string): Promise<string> => {
  const path = join(folder, 'service-account.key')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writeFile(path, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 })
  await writeFile(`${path}.pub`, createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }))
  return path
}

/** A kubeconfig with everything inline, so that the file can be copied anywhere on this machine. */
export const kubeconfig = async (
  name: string,
  server: string,
  authority: Certificate,
  client: Certificate,
): Promise<string> => {
  const inline = async (path: string): Promise<string> => (await readFile(path)).toString('base64')
  return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
  - name: ${name}
    cluster:
      server: ${server}
      certificate-authority-data: ${await inline(authority.cert)}
users:
  - name: ${name}
    user:
      client-certificate-data: ${await inline(client.cert)}
      client-key-data: ${await inline(client.key)}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
`
}
