import { fuzzTest } from './fuzz-test.ts'
import { grpc } from './targets/grpc.ts'

fuzzTest(grpc, 'frames and headers of any kind end with a status')
