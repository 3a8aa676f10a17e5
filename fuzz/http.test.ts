import { fuzzTest } from './fuzz-test.ts'
import { http } from './targets/http.ts'

fuzzTest(http, 'requests with any headers, paths and bodies are answered below 500')
