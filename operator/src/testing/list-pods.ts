/** A program that lists the pods of an API server into a store, as the operator does when it starts. */

import { kept } from '../kept.ts'
import { createKube } from '../kube.ts'
import { Pod } from '../resources.ts'
import { createStore } from '../store.ts'
import { createTransport } from '../transport.ts'

const server = new URL(process.argv[2] ?? '')
const kube = createKube(createTransport({ server, credentials: async () => ({ headers: {}, options: {} }) }))
const { items, resourceVersion } = await kube.listAll(Pod, {}, kept)
const store = createStore()
store.replace(items, resourceVersion)
console.log(store.all().length)
process.exit(0)
