/** What a search has measured so far: a file for each round, so that a search that was interrupted goes on with the next one. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../json/json-object.ts'
import type { Evaluated } from './evaluation.ts'

/** What a round measured. References for drift are made by each run. */
export type Round = Pick<Evaluated, 'dataset' | 'candidates' | 'comparisons' | 'references'>

export interface Rounds {
  /** @param inputs all that decides what the round measures @returns undefined where it is not measured yet */
  readonly read: (number: number, inputs: unknown) => Promise<Round | undefined>
  readonly write: (number: number, inputs: unknown, round: Round) => Promise<void>
}

const keyOf = (inputs: unknown): string => createHash('sha256').update(JSON.stringify(inputs)).digest('hex')

/** @param work absolute folder */
export const openRounds = (work: string): Rounds => {
  const path = (number: number): string => join(work, `round-${number}.json`)
  return {
    read: async (number, inputs) => {
      try {
        const kept: unknown = JSON.parse(await readFile(path(number), 'utf8'))
        if (!isObject(kept) || kept['key'] !== keyOf(inputs)) return undefined
        const { references, ...round } = kept['round'] as Round & { references: [] }
        return { ...round, references: new Map(references) }
      } catch {
        return undefined // it is not there, or was written by another version
      }
    },
    write: async (number, inputs, { references, ...round }) => {
      await mkdir(work, { recursive: true })
      const text = JSON.stringify({ key: keyOf(inputs), round: { ...round, references: [...references] } })
      await writeFile(`${path(number)}.new`, text)
      await rename(`${path(number)}.new`, path(number))
    },
  }
}
