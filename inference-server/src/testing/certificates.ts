/** Certificates that tests serve with, made by openssl. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** PEM, under the names of a Secret of type kubernetes.io/tls. */
export type TlsSecret = Readonly<Record<'tls.crt' | 'tls.key', string>>

/** A new key, and a certificate, signed by an authority or by itself. @param names in the form of openssl */
export const makeCertificate = async (
  commonName: string,
  days = 1,
  authority?: TlsSecret,
  names = 'DNS:localhost,IP:127.0.0.1',
): Promise<TlsSecret> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-certificate-'))
  const [cert, key] = [join(dir, 'tls.crt'), join(dir, 'tls.key')]
  const [caCert, caKey] = [join(dir, 'ca.crt'), join(dir, 'ca.key')]
  try {
    if (authority) {
      await writeFile(caCert, authority['tls.crt'])
      await writeFile(caKey, authority['tls.key'])
    }
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-subj', `/CN=${commonName}`, '-addext', `subjectAltName=${names}`],
      ...(authority ? ['-CA', caCert, '-CAkey', caKey] : []),
      ...['-days', String(days), '-keyout', key, '-out', cert],
    ])
    return { 'tls.crt': await readFile(cert, 'utf8'), 'tls.key': await readFile(key, 'utf8') }
  } finally {
    await rm(dir, { recursive: true })
  }
}
