import { fuzzTest } from './fuzz-test.ts'
import { graphs } from './targets/graph.ts'

fuzzTest(graphs, 'a model file of any content is read or refused by a reason')
