import { fuzzTest } from './fuzz-test.ts'
import { graphs } from './targets/graph.ts'

fuzzTest(graphs)
