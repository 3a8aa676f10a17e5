import { fuzzTest } from './fuzz-test.ts'
import { settings } from './targets/settings.ts'

fuzzTest(settings)
