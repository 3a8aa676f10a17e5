import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { importOptions } from '@gantry/contract/commands.ts'
import { isRequester } from '@gantry/contract/documents.ts'
import { mounts, type Task, tasks } from '@gantry/contract/server.ts'
import { defaultHubEndpoint, publicKeyKey, shownSource, sourceVariable } from '@gantry/contract/source.ts'
import { type Requester, versionIdPattern } from '@gantry/contract/versions.ts'
import { oneOf, wholeNumber } from '../../config/option-values.ts'
import { StartError } from '../../failures/errors.ts'
import type { CommitOptions } from '../commit/commit-options.ts'
import { readCommit } from '../commit/commit-options.ts'
import type { ImportOptions } from '../import-model.ts'
import { revisionOf } from '../revision.ts'
import type { RewrapOptions } from '../rewrap.ts'
import { withEndpoint } from '../s3/options.ts'
import { boundaryOf, schemeOf } from '../sources/source.ts'
import { connectionOptions } from './connection-options.ts'
import { encryptionPlace, rewrapOptions } from './encryption-options.ts'
import { sourceFilesOption } from './source-files-option.ts'

export const usage = `usage: import --source URI [options]
       import --commit FOLDER --parent ID --recipe JSON --optimization-report FILE --revision HASH [options]

  --source URI           https://, http:// or file:/// of a .onnx file, a .tar, .tar.gz or .tgz archive, or a path; a folder where it is local;
                         s3://BUCKET/KEY of an object that is one of these, or of a folder: all objects whose keys begin with KEY/;
                         hf://ORGANISATION/NAME[@REVISION][/PATH] of a model on a hub of Hugging Face;
                         oci://HOST/REPOSITORY:TAG or @sha256:DIGEST of an artifact or image in a registry.
                         A host that does not answer is asked again for about a minute
  --source-files LIST    the files of a folder beneath an https:// address, with commas between their paths, or as JSON:
                         [{"path": "model.onnx", "sha256": "…"}]
  --models DIR           the model volume: one folder per version (default: ./models)
  --task TASK            ${tasks.join(' | ')} (default: tensor)
  --file PATH            the .onnx file of a folder or archive that is the model, such as onnx/model_quantized.onnx
                         (default: model.onnx, onnx/model.onnx, or the only one there)
  --export               the source is a model of another library (.skops, .ubj, .json, .txt, .cbm, .pt2, a folder of Hugging Face): the
                         version is not served, and an optimization with export makes a graph of it
  --strict               a folder that leaves open what its task needs, such as preprocessor_config.json, is refused
  --label L              your name for the version
  --sha256 HEX           digest that the source's file must have
  --public-key FILE      the source has to be signed with this EC key (PEM): model.sig of OpenSSF model signing v1.0 beside the model;
                         also the PEM itself
  --max-bytes N          most bytes that the source may unpack to (default: what is free in DIR)
  --history-limit N      how many versions stay in DIR, the newest and those to keep always (default: all)
  --keep ID,ID           versions that stay, beyond the limit too
  --pinned ID,ID         versions that stay and do not count for the limit
  --revision HASH        what the version is made from; a revision that is there for this task is not imported again
                         (default: hash of source, file, sha256 and label)
  --source-name NAME     recorded instead of the source
  --requested-by JSON    recorded: uid, generation, namespace and name of the object that asks for the version
  --allow-http-credentials
                         credentials may be sent over http, which everyone on the network path can read
  --s3-endpoint URL      of another store than AWS that speaks S3, such as https://minio.example.com:9000
  --s3-region REGION     of the bucket (default: that of the profile, else us-east-1)
  --s3-path-style true|false
                         whether the bucket is in the path of addresses and not before the host (default: true with --s3-endpoint)
  --source-secret        credentials are only those of the variables below, whatever else the environment has
  --allow-loopback       a source may be on this machine: http://127.0.0.1:8000/model.onnx
  --plain-http-registries HOST:PORT,HOST
                         registries of oci:// that are asked over http, beside those of this machine
  --refuse-private-addresses
                         sources have to be on the internet
  --ca-file FILE         certificates (PEM) of those who may have signed the certificate of the source's host, beside the well-known ones
  --hub-endpoint URL     the hub of hf:// (default: HF_ENDPOINT, else ${defaultHubEndpoint})
  --source-revision R    what the address of hf://, oci:// or s3:// stands for, such as the commit that an earlier import recorded
  --version-id ID        id of the version: an import of what was imported before, elsewhere
  --version-digest D     sha256:… that the version has to have then
  --newer-than ID        newest id of the model, where DIR does not have all of its versions
  --report FILE          where the outcome is written as JSON
  --commit FOLDER        makes a version of what the optimizer has made of the version --parent; its files beside graphs and weights have to be
                         the parent's
  --parent ID            the version that FOLDER was made from
  --parent-digest DIGEST sha256:… that this version has to have (default: what its metadata.json says)
  --recipe JSON          what the optimizer was asked for; its report has to say the same
  --optimization-report FILE
                         the report of the optimizer
  --max-accuracy-drop N  what the optimizer aimed at, 0 to 1; recorded
  --samples FILE         what \`samples\` has written: both graphs are run on it (default: on generated inputs)
  --encryption-keys DIR  encrypts the files under a key of this folder, which has one file each (32 bytes in base64); keys of versions that
                         are there already are wrapped by the same one
  --encryption-key NAME  the key that encrypts (default: the only one); the others open earlier versions
  --rewrap               imports nothing: wraps the keys of all encrypted versions by that key, after which others can go
  --help                 this text

Credentials for a download: environment ${sourceVariable('token')}, or ${sourceVariable('username')} and ${sourceVariable('password')},
and ${sourceVariable('hosts')} with the hosts they may be sent to, such as models.example.com,models.example.com:8443.
For hf:// it is HF_TOKEN, which is sent to the hub alone.
For s3:// they are ${sourceVariable('AWS_ACCESS_KEY_ID')}, ${sourceVariable('AWS_SECRET_ACCESS_KEY')} and ${sourceVariable('AWS_SESSION_TOKEN')};
or what the AWS command line uses: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile (AWS_PROFILE), or the role of a pod; AWS_ENDPOINT_URL stands for
--s3-endpoint. Without any, the request is not signed, as for a bucket that everyone may read. The metadata service of a machine is asked with AWS_EC2_METADATA_DISABLED=false only.
Downloads go through the proxies of HTTPS_PROXY and HTTP_PROXY, but for the hosts of NO_PROXY.
`

/** The options that the operator writes, and those for use at a terminal. */
const options = {
  ...importOptions,
  strict: { type: 'boolean' },
  'allow-loopback': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Given<Options> = Omit<Options, 'log' | 'signal' | 'now'>

/** Options of the command line and the environment. */
export type CommandOptions = { readonly report: string | undefined } & (
  | ({ readonly kind: 'import' } & Given<ImportOptions>)
  | ({ readonly kind: 'commit'; readonly shownAs: string } & Given<CommitOptions>)
  | ({ readonly kind: 'rewrap'; readonly shownAs: string } & RewrapOptions)
)

/** The PEM itself, or the file that has it; a Secret's comes in the environment. */
const publicKeyOf = (given: string | undefined, env: NodeJS.ProcessEnv): string | undefined => {
  if (given === undefined) return env[sourceVariable(publicKeyKey)]
  if (given.startsWith('-----BEGIN ')) return given
  try {
    return readFileSync(given, 'utf8')
  } catch (error) {
    throw wrong(`--public-key ${given} cannot be read: ${(error as Error).message}`)
  }
}

const requesterOf = (given: string | undefined): Requester | undefined => {
  if (given === undefined) return undefined
  try {
    const requester: unknown = JSON.parse(given)
    if (isRequester(requester)) return requester
  } catch {
    // the sentence is the same
  }
  throw wrong('--requested-by is no JSON with uid, generation, namespace and name of an object')
}

/**
 * @returns undefined where help is asked for
 * @throws StartError with exit code 2
 */
export const readOptions = (args: readonly string[], env: NodeJS.ProcessEnv): CommandOptions | undefined => {
  const values = parse(args)
  if (values.help) return undefined
  return {
    ...optionsOf(values, env),
    report: values.report,
  }
}

type Values = ReturnType<typeof parse>

const optionsOf = (values: Values, env: NodeJS.ProcessEnv) => {
  if (values.rewrap) return rewrapOptions(values, sharedOptions(values), wrong)
  return values.commit === undefined ? sourceOptions(values, env) : commitOptions(values)
}

const commitOptions = (values: Values) => {
  const { commit = '', revision } = values
  if (values.source !== undefined) throw wrong('--source and --commit exclude each other')
  if (revision === undefined) throw wrong('--commit needs --revision')
  const options = readCommit({ ...values, commit }, { ...sharedOptions(values), revision }, wrong)
  return { kind: 'commit' as const, shownAs: commit, ...options }
}

const idsOf = (list: string | undefined): readonly string[] =>
  list?.split(',').filter((id) => id !== '') ?? []

/** Options of an import and of a commit. */
const sharedOptions = (values: Values) => ({
  volume: resolve(values.models ?? 'models'),
  task: oneOf<Task>('--task', values.task ?? 'tensor', tasks, wrong),
  historyLimit: wholeNumber('--history-limit', values['history-limit'], wrong),
  maxBytes: wholeNumber('--max-bytes', values['max-bytes'], wrong),
  encryption: encryptionPlace(values, wrong),
  keep: idsOf(values.keep),
  pinned: idsOf(values.pinned),
  requestedBy: requesterOf(values['requested-by']),
})

const sourceOptions = (given: Values, env: NodeJS.ProcessEnv) => {
  const values = withEndpoint(given, env)
  const { source, file, sha256, label } = values
  if (!source) throw wrong('--source is missing')
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    throw wrong(`--sha256 ${sha256} is no sha256; it has 64 hexadecimal digits`)
  if (file !== undefined && !file.endsWith('.onnx') && !values.export)
    throw wrong(`--file ${file} is no .onnx file; give its path in the model's folder`)
  const uri = canonical(source)
  const files = sourceFilesOption(values, uri, wrong)
  const publicKey = publicKeyOf(values['public-key'], env)
  const endpoint = values['s3-endpoint']
  const origin = { uri, endpoint, file, files, sha256, label, publicKey, export: values.export }
  return {
    kind: 'import' as const,
    ...sharedOptions(values),
    source,
    shownAs: shownSource(values['source-name'] ?? uri),
    files,
    sha256,
    ...connectionOptions(values, env, wrong),
    naming: {
      id: versionId('--version-id', values['version-id']),
      newerThan: versionId('--newer-than', values['newer-than']),
    },
    expectedDigest: digestOf(values['version-digest']),
    boundary: boundaryOf(uri, mounts.source),
    strict: values.strict ?? false,
    file,
    export: values.export ?? false,
    revision: values.revision ?? revisionOf(origin),
    label,
    publicKey,
  }
}

const versionId = (option: string, value: string | undefined): string | undefined => {
  if (value === undefined || versionIdPattern.test(value)) return value
  throw wrong(`${option} is no id of a version, such as v_20261123_101500`)
}

const digestOf = (value: string | undefined): string | undefined => {
  if (value === undefined || /^sha256:[0-9a-f]{64}$/.test(value)) return value
  throw wrong('--version-digest is no digest of a version, such as sha256:…')
}

const parse = (args: readonly string[]) => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [stray] = positionals
    if (stray === undefined) return values
    throw new Error(`${shownSource(stray)} belongs to no option, such as --source`)
  } catch (error) {
    throw wrong((error as Error).message)
  }
}

const wrong = (problem: string): StartError => new StartError(`${problem}; see import --help`, 2)

/** A plain path as the address it stands for. */
const canonical = (source: string): string =>
  schemeOf(source) === undefined ? `file://${resolve(source)}` : source
