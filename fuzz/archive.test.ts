import { fuzzTest } from './fuzz-test.ts'
import { archives } from './targets/archive.ts'

fuzzTest(
  archives,
  'an archive of any content is a version of ordinary files inside the volume, or refused by a reason',
)
