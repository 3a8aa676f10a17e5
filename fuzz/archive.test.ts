import { fuzzTest } from './fuzz-test.ts'
import { archives } from './targets/archive.ts'

fuzzTest(archives)
