import { fuzzTest } from './fuzz-test.ts'
import { modelFolders } from './targets/folder.ts'

fuzzTest(modelFolders, 'a model folder of any content is served, or refused in a sentence')
