/** A model behind the gateway of the chart: who reaches it, and what happens while its pods change. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { releaseNamespace } from '../../local-cluster/gantry/release.ts'
import { eventually } from '../../local-cluster/kubectl.ts'
import { storedModel } from '../requests.ts'
import { openWorld, small, type World } from '../world.ts'

let world: World
before(async () => {
  world = openWorld('gateway')
  world.applyModel('tabular', { model: { task: 'tensor', source: storedModel('breast-cancer') }, ...small })
  await world.ready('tabular')
})
after(() => world.close())

interface Answer {
  readonly status: number
  readonly text: string
}

/** Asks from inside a pod, by the names that pods know. */
const askFrom = (namespace: string, pod: string, url: string, host = ''): Answer => {
  const script = `
    const options = ${JSON.stringify(host === '' ? {} : { headers: { host } })}
    require('node:http').get('${url}', options, (answer) => {
      let text = ''
      answer.on('data', (chunk) => { text += chunk })
      answer.on('end', () => console.log(JSON.stringify({ status: answer.statusCode, text })))
    })`
  return JSON.parse(world.kubectl.run(['exec', '-n', namespace, pod, '--', 'node', '-e', script])) as Answer
}

const gateway = `http://gantry-gateway.${releaseNamespace}.svc`
const runningPod = (namespace: string, component: string): string =>
  world.kubectl
    .list('pod', namespace, `app.kubernetes.io/component=${component}`)
    .find(({ status, metadata }) => status.phase === 'Running' && !('deletionTimestamp' in metadata))
    ?.metadata.name ?? ''

test('a pod of the model’s namespace reaches it through the gateway, one of another namespace is told why not', async () => {
  const path = `${gateway}/${world.namespace}/tabular/v2/models/tabular`
  const own = await eventually('the gateway answers', () => {
    const answer = askFrom(world.namespace, runningPod(world.namespace, 'inference-server'), path)
    return answer.status === 200 && answer
  })
  assert.equal(JSON.parse(own.text).name, 'tabular')
  const host = `tabular.${world.namespace}.svc`
  const byHost = askFrom(
    world.namespace,
    runningPod(world.namespace, 'inference-server'),
    `${gateway}/v2/health/ready`,
    host,
  )
  assert.equal(byHost.status, 200)
  const foreign = askFrom(releaseNamespace, runningPod(releaseNamespace, 'operator'), path)
  assert.equal(foreign.status, 403)
  assert.match(foreign.text, /pods of namespace gantry-system may not call e2e-gateway\/tabular/)
  const list = askFrom(releaseNamespace, runningPod(releaseNamespace, 'operator'), `${gateway}/v1/models`)
  assert.doesNotMatch(list.text, /e2e-gateway/)
})
