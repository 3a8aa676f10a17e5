/** A program that lists the pods of an API server into a store, as the operator does when it starts. */

import { createKube } from '@gantry/kube/client.ts'
import { Pod } from '@gantry/kube/resources.ts'
import { createStore } from '@gantry/kube/store.ts'
import { createTransport } from '@gantry/kube/transport.ts'
import { kept } from '../runtime/kept.ts'

const server = new URL(process.argv[2] ?? '')
const kube = createKube(
  createTransport({ server, credentials: async () => ({ headers: {}, options: {} }) }),
  {
    fieldManager: 'none',
  },
)
const { items, resourceVersion } = await kube.listAll(Pod, {}, kept)
const store = createStore({ kept })
store.replace(items, resourceVersion)
console.log(store.all().length)
process.exit(0)
