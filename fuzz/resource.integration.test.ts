import { skipWithoutApiServer } from '../e2e/test-cluster.ts'
import { fuzzTest } from './fuzz-test.ts'
import { resources } from './targets/resource.ts'

fuzzTest(
  resources,
  'any ModelDeployment is refused by the API server, or the operator comes to rest with it',
  {
    skip: skipWithoutApiServer,
  },
)
