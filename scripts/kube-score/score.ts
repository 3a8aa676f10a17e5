/** What kube-score calls critical or a warning, beyond the exceptions: `node scripts/kube-score/score.ts` ends with 1 where there is any. */
import { spawnSync } from 'node:child_process'
import { exceptions } from './exceptions.ts'
import { complaints, type ScoredObject } from './findings.ts'
import { subjects } from './subjects.ts'
import { kubeScore } from './tool.ts'

/** The oldest version of Kubernetes that the chart installs on. */
const kubernetes = 'v1.30'

const flags = [
  ...['score', '-', '--output-format', 'json', '--kubernetes-version', kubernetes],
  // Nothing in an object of ours may switch a check off.
  '--disable-ignore-checks-annotations',
  ...['--enable-optional-test', 'container-seccomp-profile'],
  ...['--enable-optional-test', 'container-ports-check'],
]

const score = (input: string): readonly ScoredObject[] => {
  const { status, stdout, stderr, error } = spawnSync(kubeScore(process.env), flags, {
    input,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  if (error ?? (status !== 0 && status !== 1))
    throw new Error(`kube-score failed: ${stderr}`, { cause: error })
  return JSON.parse(stdout) as readonly ScoredObject[]
}

const scored = [...subjects().values()].flatMap(score)
const found = complaints(scored, exceptions)
for (const line of found) console.log(line)
if (found.length > 0)
  console.log('Mend what is right, and give everything else a reason in scripts/kube-score/exceptions.ts.')
process.exitCode = found.length === 0 && scored.length > 0 ? 0 : 1
