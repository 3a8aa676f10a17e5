import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kubectlCommand, nextSteps } from './next-steps.ts'

const local = { flags: '', local: { kubeconfig: '/state/kubeconfig', bin: '/cache/bin' } }

test('the export comes before the first command that needs it', () => {
  const text = nextSteps(local, 'gantry-examples')
  const at = text.indexOf('export KUBECONFIG=/state/kubeconfig PATH=/cache/bin:$PATH')
  assert.ok(at >= 0)
  assert.ok(at < text.search(/^ {2}kubectl /m))
})

test('every command can be pasted as it is: what explains it is a comment', () => {
  const commands = nextSteps(local, 'n')
    .split('\n')
    .filter((line) => /^ {2}(kubectl|curl)/.test(line))
  assert.ok(commands.length >= 5)
  for (const command of commands) assert.doesNotMatch(command.split(' # ')[0] ?? '', / {2,}\S+ \S+$/)
  assert.match(
    commands.find((line) => line.includes('curl')) ?? '',
    /'\{"text":"我想退货"\}' {4}# I want to return it$/,
  )
})

test('on a cluster of the user every kubectl names its context, and nothing is exported', () => {
  const text = nextSteps({ flags: '--context mine ' }, 'n')
  assert.doesNotMatch(text, /export|npm stop/)
  for (const [command] of text.matchAll(/^ {2}kubectl .*$/gm))
    assert.match(command, /kubectl --context mine /)
})

test('commands of a failure work without any export', () => {
  assert.equal(kubectlCommand(local), '/cache/bin/kubectl --kubeconfig /state/kubeconfig')
  assert.equal(kubectlCommand({ flags: '--context mine ' }), 'kubectl --context mine')
})
