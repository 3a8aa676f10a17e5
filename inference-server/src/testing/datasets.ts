/** Data sets of tests: files of a folder that goes with the test. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { DatasetError } from '../datasets/dataset-error.ts'
import { type DatasetRequest, readDataset } from '../datasets/read-dataset.ts'
import type { Dataset } from '../datasets/sample.ts'

/** What a test asks for beside the file; default are classes of texts. */
export type DatasetOptions = Partial<Omit<DatasetRequest, 'folder' | 'file'>>

export interface DatasetFolder {
  readonly folder: string
  /** Writes a file, and reads it. */
  readonly read: (name: string, content: string | Buffer, options?: DatasetOptions) => Promise<Dataset>
}

export const datasetFolder = (): DatasetFolder => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-dataset-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    read: (name, content, options = {}) => {
      const file = join(folder, name)
      writeFileSync(file, content)
      return readDataset({ folder, file, task: 'text-classification', labels: 'class', ...options })
    },
  }
}

/** The data set is refused with a sentence. */
export const refusedDataset = async (reading: Promise<Dataset>, message: RegExp): Promise<void> => {
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof DatasetError, String(error))
    assert.match(error.message, message)
    return true
  })
}
