import { fuzzTest } from './fuzz-test.ts'
import { datasets } from './targets/dataset.ts'

fuzzTest(datasets, 'files of any content are a data set of complete samples, or one sentence')
