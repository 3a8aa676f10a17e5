import { fuzzTest } from './fuzz-test.ts'
import { pictures } from './targets/picture.ts'

fuzzTest(
  pictures,
  'pictures with bytes changed, cut or doubled are answered or refused, alike through every way in',
)
