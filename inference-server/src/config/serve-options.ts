/** The command line of `serve`: its options, what they mean, and how they are read. */
import { parseArgs } from 'node:util'
import { serveOptions } from '@gantry/contract/commands.ts'
import { driftModes } from '@gantry/contract/drift.ts'
import { logLevels } from '@gantry/contract/log.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { devices, grpcPort, httpPort, requestLogModes, tasks } from '@gantry/contract/server.ts'
import { StartError } from '../failures/errors.ts'
import { defaults } from './defaults.ts'

export const usage = `usage: serve SOURCE [options]
       serve --model DIR [options]
       serve --repository DIR [options]

  SOURCE                 first: a folder or a .onnx file; an archive or an address is imported into ~/.cache/gantry/models, once;
                         options of \`import\` go with it, see below
  --model DIR            folder of the model, or a .onnx file in it
  --file PATH            the .onnx file in the folder that is the model, such as onnx/model_quantized.onnx
                         (default: model.onnx, onnx/model.onnx, or the only one there)
  --repository DIR       instead of --model: folder with one such folder for each version, as imports write it
  --versions WHICH       which of them to load at the start: all | latest | A,B (default: latest)
  --default-version V    what answers where no version is asked for (default: the newest that is ready)
  --load-unload          requests may load and unload versions (default: they may not)
  --name NAME            name of the model in URLs (default: the folder's name)
  --task TASK            ${tasks.join(' | ')} (default: what config.json says, else tensor)
  --strict               refuse a folder that leaves open what its task needs, such as preprocessor_config.json, instead of
                         taking the usual for it
  --port N               port of HTTP, 0 for any free one (default: ${httpPort})
  --grpc-port N          port of gRPC, 0 for any free one, off for none (default: ${grpcPort})
  --host ADDRESS         address to listen on, or all (default: ${defaults.host}, this machine only; all in the images)
  --allowed-hosts A,B    names that requests may call the server by, beside localhost, and hosts of web pages that may ask it;
                         * for any (default: none on ${defaults.host}, any elsewhere)
  --settings FILE        settings as JSON; options on the command line win over it
  --device DEVICE        ${devices.join(' | ')} (default: ${defaults.device})
  --threads N            threads of one inference (default: the CPUs there are, shared among the workers)
  --workers N            inferences at a time, each with a copy of the model (default: ${defaults.workers})
  --lanes auto|off       inferences side by side, each with a share of the threads and a copy of a small model, while
                         many wait and more gets done so (default: ${defaults.lanes})
  --inline-ms N          longest run of a full batch that the thread of HTTP makes itself, 0 for none (default: ${defaults.inlineMs})
  --rows WHICH           auto | independent | alone: requests share runs where the graph proves that their rows cannot meet;
                         also where it does not, on your word; never (default: ${defaults.rows})
  --max-rows N           most rows of different requests in one batch, 1 for no batching (default: ${defaults.maxRows})
  --max-tokens N         most tokens in one batch of texts (default: ${defaults.tokensPerThread} for each thread on a CPU, any number on a GPU),
                         or of all texts that one worker writes at a time (default: what fits in an eighth of the memory)
  --max-delay-ms N       longest wait for a batch to fill (default: ${defaults.maxDelayMs}, what queued while the workers were busy)
  --max-queue N          most requests that wait; beyond it callers get 429 (default: ${defaults.maxQueue})
  --max-explanations N   explanations that are made at a time, 0 for none at all (default: ${defaults.maxExplanations})
  --max-explain-queue N  most explanations that wait; beyond it callers get 429 (default: ${defaults.maxExplainQueue})
  --max-evaluations N    most rows that an explanation asks the model about (default: ${defaults.maxEvaluations})
  --drift WHICH          ${driftModes.join(' | ')}: compare requests with the drift-reference.json of a version; never; make one,
                         which GET /drift/reference answers (default: ${defaults.drift})
  --timeout-seconds N    deadline of one request (default: ${defaults.timeoutSeconds})
  --max-body-mib N       largest request body (default: ${defaults.maxBodyMib})
  --max-connections N    most connections at a time, HTTP and gRPC each; then those that wait for no answer give way (default: ${defaults.maxConnections})
  --max-in-flight-mib N  most bytes of all requests that are being received or answered; beyond it callers get 503
                         (default: a quarter of the memory, at least twice --max-body-mib)
  --max-answer-mib N     largest answer as JSON (default: ${defaults.maxAnswerMib}, or a quarter of the memory where that is less)
  --drain-seconds N      how long everyone is still answered after SIGTERM, before the ports close (default: ${defaults.drainSeconds})
  --log-level LEVEL      ${logLevels.join(' | ')} (default: ${defaults.logLevel})
  --encryption-keys DIR  folder with the keys of encrypted versions, one file each; then every version has to be encrypted
                         (default: none, and versions that are encrypted are refused)
  --api-keys DIR         folder with the API keys that requests need, one file each (default: requests need none)
  --tls-cert FILE        certificate (PEM) for HTTPS and for gRPC over TLS; read again when it changes
  --tls-key FILE         its private key (PEM)
  --request-log MODE     ${requestLogModes.join(' | ')} (default: ${defaults.requestLog})
  --request-log-file F   file or named pipe that its lines go to (default: standard output)
  --request-log-keys DIR folder with the keys of hashed and encrypted, one file each; the last name is used
  --request-log-sample-rate N  share of the requests that are logged, up to 1 (default: ${defaults.sampleRate})
  --sensitive-fields A,B names that hashed and encrypted hide, beside what is not known (default: everything is hidden)
  --help                 this text

Of the import of SOURCE, as in \`import --help\`: --sha256 HEX, --source-files LIST, --public-key FILE, --label L, --ca-file FILE, --s3-endpoint URL,
--s3-region REGION, --s3-path-style true|false, --hub-endpoint URL, --plain-http-registries HOST:PORT,HOST, --allow-http-credentials,
--encryption-key NAME. Credentials come from the same variables. With --encryption-keys SOURCE is encrypted in ~/.cache.
`

const text = { type: 'string' } as const
const options = {
  ...serveOptions,
  model: text,
  file: text,
  repository: text,
  versions: text,
  'default-version': text,
  'load-unload': { type: 'boolean' },
  name: text,
  task: text,
  strict: { type: 'boolean' },
  port: text,
  'grpc-port': text,
  host: text,
  'allowed-hosts': text,
  device: text,
  threads: text,
  workers: text,
  lanes: text,
  'inline-ms': text,
  rows: text,
  'max-rows': text,
  'max-delay-ms': text,
  'max-tokens': text,
  'max-queue': text,
  drift: text,
  'max-explanations': text,
  'max-explain-queue': text,
  'max-evaluations': text,
  'timeout-seconds': text,
  'max-body-mib': text,
  'max-connections': text,
  'max-in-flight-mib': text,
  'max-answer-mib': text,
  'log-level': text,
  'request-log': text,
  'request-log-file': text,
  'request-log-keys': text,
  'api-keys': text,
  'encryption-keys': text,
  'tls-cert': text,
  'tls-key': text,
  'request-log-sample-rate': text,
  'sensitive-fields': text,
  help: { type: 'boolean' },
} as const
type Switch = 'help' | 'load-unload' | 'strict'
export type Flag = Exclude<keyof typeof options, Switch>
export type Flags = Readonly<Partial<Record<Flag, string> & Record<Switch, boolean>>>

/** A value from an option or a settings file, cut: the file may hold a megabyte where a name is meant. */
export const shown = (value: unknown): string => quoted(JSON.stringify(value))

export const wrong = (message: string): StartError => new StartError(message, 2)

/** @throws StartError with exit code 2 */
export const parseFlags = (args: readonly string[]): Flags | 'help' => {
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false, strict: true })
    return values.help ? 'help' : values
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.\s/)
    const isStray = (error as NodeJS.ErrnoException).code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'
    const order = isStray ? '; there is one SOURCE, and it stands before the options' : ''
    throw wrong(`${sentence?.replace(/\.$/, '')}${order}; see serve --help`)
  }
}
