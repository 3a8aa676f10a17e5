import { skipWithoutApiServer } from '../e2e/test-cluster.ts'
import { fuzzTest } from './fuzz-test.ts'
import { resources } from './targets/resource.ts'

fuzzTest(resources, { skip: skipWithoutApiServer })
