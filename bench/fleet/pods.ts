/** A program that answers for all serving pods what each of them would say of its model. Its argument is the address of the pods. */
import { createServer } from 'node:http'
import { httpPort, servedModelMember } from '../../contract/server.ts'
import { version } from './stages.ts'

const body = JSON.stringify({
  [servedModelMember]: { version, device: { requested: 'auto', active: 'cpu' } },
})

createServer((_, response) => response.end(body)).listen(httpPort, process.argv[2])
