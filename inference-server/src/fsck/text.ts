import type { VolumeFinding, VolumeReport } from '@gantry/contract/fsck.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { showBytes } from '../failures/import-error.ts'

const findingText = ({ problem, path, message, advice, state }: VolumeFinding): string =>
  plainText(
    `${state}: ${path === undefined ? '' : `${path}: `}${message} (${problem})${state === 'repaired' ? '' : `; ${advice}`}`,
  )

const ends: Readonly<Record<VolumeReport['outcome'], string>> = {
  sound: 'all versions are as they were imported',
  repaired: 'all that was found is repaired',
  broken: 'something is wrong, see above',
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const isNotOpened = ({ problem }: VolumeFinding): boolean => problem === 'NotOpened'
const notAll = 'what could be read is as it was imported'

/** The report for people, a line for each finding, and one for the end. */
export const reportText = ({
  outcome,
  versions,
  files,
  sizeBytes,
  findings,
  leftOut,
}: VolumeReport): string =>
  [
    ...findings.map(findingText),
    ...(leftOut > 0 ? [counted(leftOut, 'more finding')] : []),
    `${counted(versions, 'version')} with ${counted(files, 'file')}, ${showBytes(sizeBytes)} read: ${findings.some(isNotOpened) && outcome !== 'broken' ? notAll : ends[outcome]}`,
    '',
  ].join('\n')
