import type { VolumeFinding, VolumeReport } from '@gantry/contract/fsck.ts'
import { findModel } from '../cluster/find.ts'
import type { Model } from '../cluster/resources.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/parse.ts'
import { type ExitCode, exitCodes, wrongUsage } from '../failure.ts'
import { runServer } from '../inference-server.ts'
import { bytes } from '../terminal/figures.ts'
import { progressOn } from '../terminal/progress.ts'
import { runCheck } from '../volumes/run-check.ts'

/** A large volume is read at the speed of its disk. */
const usualSeconds = 3_600
const mostSeconds = 86_400

const colours = { broken: 'red', repairable: 'yellow', repaired: 'green', harmless: 'dim' } as const

const printFindings = ({ print, style }: Invocation, findings: readonly VolumeFinding[]): void => {
  for (const { state, path, message, advice } of findings) {
    const where = path === undefined ? '' : `${path}: `
    print(`${style(colours[state], state.padEnd('repairable'.length))}  ${where}${message}`)
    if (state !== 'repaired') print(`${' '.repeat('repairable'.length)}  ${advice}`)
  }
}

const ends: Readonly<Record<VolumeReport['outcome'], string>> = {
  sound: 'All versions are as they were imported.',
  repaired: 'All that was found is repaired.',
  broken: 'Something is wrong.',
}

/** What a user does where the version that serves is not what was imported. */
const adviseOfServing = (
  { note, noteStyle }: Invocation,
  model: Model,
  findings: readonly VolumeFinding[],
): void => {
  const { name } = model.metadata
  const active = model.status?.activeVersion
  const isWrong = findings.some(
    ({ version, state }) => version === active && (state === 'broken' || state === 'repairable'),
  )
  if (active === undefined || !isWrong) return
  note(
    `${noteStyle('yellow', 'warning:')} ${active} serves. \`gantry rollback ${name}\` goes to another version meanwhile. Pods that run have the files open that they have loaded.`,
  )
}

const checkModel = async (invocation: Invocation, name: string): Promise<ExitCode> => {
  const { given, print, form, printDocument, signal, stderr, elapsed } = invocation
  const seconds = wholeNumber('timeout', given.text('timeout') ?? String(usualSeconds), 1, mostSeconds)
  const session = await invocation.session()
  const model = await findModel(session, name)
  const progress = progressOn(stderr, elapsed)
  const onState = (state: string): void => progress.show({ what: `${name}: ${state}` })
  const report = await runCheck(session, model, {
    repair: given.flag('repair'),
    seconds,
    signal,
    onState,
  }).finally(progress.clear)
  const { outcome, versions, files, sizeBytes, findings, leftOut } = report
  if (form) await printDocument(report)
  else {
    printFindings(invocation, findings)
    if (leftOut > 0) print(`${leftOut} more findings.`)
    print(`${versions} versions with ${files} files, ${bytes(sizeBytes)} read. ${ends[outcome]}`)
  }
  adviseOfServing(invocation, model, findings)
  return outcome === 'broken' ? exitCodes.failed : exitCodes.done
}

export const fsck: Command = {
  name: 'fsck',
  summary: 'checks every file on the volume of a model against the digest of its import',
  about:
    'A Job reads the volume beside the pods that serve, by the image and the rules of placement that they have, and is deleted at its end. It needs no network. What it finds comes with what to do.',
  arguments: [
    { name: 'NAME', required: false, about: 'a model; without it, --folder is given', completes: 'models' },
  ],
  options: {
    repair: {
      type: 'boolean',
      about:
        'puts right what needs no choice: the index, what killed imports left, blobs that no version needs, damaged files whose bytes another file of the volume has',
    },
    folder: {
      type: 'string',
      value: 'DIR',
      about: 'checks a folder of versions on this machine, without a cluster',
      completes: 'files',
    },
    'encryption-keys': {
      type: 'string',
      value: 'DIR',
      about: 'with --folder: keys of encrypted versions, a file for each',
      completes: 'files',
    },
    timeout: { type: 'string', value: 'SECONDS', about: `longest wait; default ${usualSeconds}` },
  },
  usesCluster: true,
  hasDocument: true,
  examples: [
    ['fsck support', 'reads every file, and says what is wrong'],
    ['fsck support --repair', 'also puts right what needs no choice'],
  ],
  run: async (invocation) => {
    const { given, form } = invocation
    const [name] = given.arguments
    const folder = given.text('folder')
    if ((name === undefined) === (folder === undefined))
      throw wrongUsage('Give the name of a model, or --folder with a folder of this machine.')
    const keys = given.text('encryption-keys')
    if (name !== undefined && keys !== undefined)
      throw wrongUsage(
        '--encryption-keys goes with --folder.',
        'The keys of a model are in the Secret of spec.storage.encryptionKeySecretRef, which its check mounts.',
      )
    if (name !== undefined) return checkModel(invocation, name)
    if (form === 'yaml') throw wrongUsage('With --folder the report is JSON: -o json.')
    const flags = [...(given.flag('repair') ? ['--repair'] : []), ...(form ? ['--json'] : [])]
    const ofKeys = keys === undefined ? [] : ['--encryption-keys', keys]
    return runServer(['fsck', '--models', folder ?? '', ...ofKeys, ...flags])
  },
}
