import { fuzzTest } from './fuzz-test.ts'
import { modelFolders } from './targets/folder.ts'

fuzzTest(modelFolders)
