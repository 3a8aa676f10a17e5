/** Certificate authorities for stores, beside those that Node has. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { getCACertificates } from 'node:tls'
import { codeOf, ImportError } from '../../failures/import-error.ts'

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
const where =
  'spec.storage.import.caBundle or the chart value imports.caBundle (on the command line --ca-file)'

const unusable = (problem: string, cause?: unknown): ImportError =>
  new ImportError('ImportFailed', `the certificates of ${where} cannot be used: ${problem}`, 'never', {
    cause,
  })

const isCertificate = (text: string): boolean => {
  try {
    return new X509Certificate(text).raw.length > 0
  } catch {
    return false
  }
}

/**
 * @param file PEM, of one certificate or of several
 * @returns undefined where no file is given: then Node's authorities are used
 * @throws ImportError where the file has no certificate
 */
export const readAuthorities = async (file: string | undefined): Promise<readonly string[] | undefined> => {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(`the file cannot be read (${codeOf(error) ?? 'unknown'})`, error)
  })
  const found = text.match(pem) ?? []
  if (found.length === 0)
    throw unusable('there is no PEM certificate in it; it has to begin with -----BEGIN CERTIFICATE-----')
  const wrong = found.findIndex((one) => !isCertificate(one))
  if (wrong >= 0) throw unusable(`its certificate ${wrong + 1} of ${found.length} is damaged`)
  return [...getCACertificates('default'), ...found]
}
