import { fuzzTest } from './fuzz-test.ts'
import { settings } from './targets/settings.ts'

fuzzTest(settings, 'settings and arguments of any kind are a configuration, or one sentence and exit code 2')
