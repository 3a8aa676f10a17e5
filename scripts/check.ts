/** `npm run check`: static checks, and every manifest accepted by a real API server. */
import { filesNamed, runChecks } from './checks.ts'
import { runIntegration } from './suites.ts'
import { buildTools } from './tools.ts'

await buildTools(['etcd', 'kube-apiserver', 'kubectl', 'helm'])
const { failed } = await runChecks()
const manifests = filesNamed('manifests.integration.test.ts')
const accepted = await runIntegration(manifests)
const all = [...failed, ...accepted.failed]
console.log(all.length === 0 ? 'check passed' : `check failed: ${all.join(', ')}`)
process.exit(all.length === 0 ? 0 : 1)
