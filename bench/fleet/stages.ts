/** What kwok does with nodes and pods: all start at once, and imports end with the report that an importer would write. */

/** The version that every import reports, and every pod says that it serves. */
export const version = 'v_20261123_101500'

type Requirement = { readonly key: string; readonly operator: string; readonly values?: readonly string[] }

const stage = (
  name: string,
  kind: 'Node' | 'Pod',
  matchExpressions: readonly Requirement[],
  rest: { readonly next: object; readonly delay?: object },
) => ({
  ...{ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Stage', metadata: { name } },
  spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, ...rest },
})

const nodeReady = '.status.conditions.[] | select( .type == "Ready" ) | .status'
const deleted = '.metadata.deletionTimestamp'
const owners = '.metadata.ownerReferences.[].kind'
const alive: Requirement = { key: deleted, operator: 'DoesNotExist' }
const pending: Requirement = { key: '.status.phase', operator: 'In', values: ['Pending'] }
const ofJob = (operator: 'In' | 'NotIn'): Requirement => ({ key: owners, operator, values: ['Job'] })

const nodeConditions = `
conditions:
{{ range NodeConditions }}
- {type: {{ .type }}, status: {{ .status | Quote }}, reason: {{ .reason }}, message: {{ .message | Quote }}, lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }}}
{{ end }}`

/** Room for as many pods as a kubelet takes by default, and more of the rest than they ask for. */
const nodeRoom = '{cpu: "256", memory: 1Ti, ephemeral-storage: 10Ti, pods: "110"}'

/** Finds what the operator told the importer, and reports a version of that. */
const report = `
{{ $revision := "" }}{{ $source := "" }}{{ $task := "tensor" }}
{{ range (index .spec.containers 0).args }}
{{ if hasPrefix "--revision=" . }}{{ $revision = trimPrefix "--revision=" . }}{{ end }}
{{ if hasPrefix "--source=" . }}{{ $source = trimPrefix "--source=" . }}{{ end }}
{{ end }}
{{ $version := dict "id" "${version}" "revision" $revision "source" $source "digest" "sha256:${'0'.repeat(64)}" "task" $task "sizeBytes" 4000000 "createdAt" "2026-11-23T10:15:00Z" }}
{{ $report := dict "outcome" "imported" "pruned" list "version" $version | toJson }}`

const succeeded = `${report}
phase: Succeeded
startTime: {{ Now | Quote }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  restartCount: 0
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now | Quote }}, finishedAt: {{ Now | Quote }}, message: {{ $report | Quote }}}}
{{ end }}`

const containers = (member: string, field: string, state: string): string => `
${member}:
{{ range .spec.${field} }}
- {name: {{ .name }}, image: {{ .image | Quote }}, imageID: "", ready: true, restartCount: 0, state: ${state}}
{{ end }}`

const serving = (podIp: string): string => `
phase: Running
startTime: {{ Now | Quote }}
podIP: ${podIp}
podIPs: [{ip: ${podIp}}]
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ Now | Quote }}}
- {type: ContainersReady, status: "True", lastTransitionTime: {{ Now | Quote }}}
- {type: Ready, status: "True", lastTransitionTime: {{ Now | Quote }}}
${containers('containerStatuses', 'containers', '{running: {startedAt: {{ Now | Quote }}}}')}
${containers('initContainerStatuses', 'initContainers', '{terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now | Quote }}, finishedAt: {{ Now | Quote }}}}')}`

/** @param podIp the address at which all serving pods answer */
export const stages = (podIp: string): readonly object[] => [
  stage('node-starts', 'Node', [{ key: nodeReady, operator: 'NotIn', values: ['True'] }], {
    next: {
      statusTemplate: `phase: Running\nallocatable: ${nodeRoom}\ncapacity: ${nodeRoom}${nodeConditions}`,
    },
  }),
  stage('pod-serves', 'Pod', [alive, pending, ofJob('NotIn')], { next: { statusTemplate: serving(podIp) } }),
  stage('import-succeeds', 'Pod', [alive, pending, ofJob('In')], { next: { statusTemplate: succeeded } }),
  stage('pod-ends', 'Pod', [{ key: deleted, operator: 'Exists' }], { next: { delete: true } }),
]
