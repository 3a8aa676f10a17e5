{{/* The release's name stands alone when it says gantry already: `gantry`, `prod-gantry`; else `prod` becomes `prod-gantry`. */}}
{{- define "gantry.name" -}}
{{- include "gantry.nameOf" .Release.Name -}}
{{- end -}}

{{/* The same for any release of this chart. Operators find the Leases of other releases by it. */}}
{{- define "gantry.nameOf" -}}
{{- if contains "gantry" . -}}
{{- . | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-gantry" (. | trunc 43 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{- define "gantry.operator" -}}
{{- include "gantry.name" . }}-operator
{{- end -}}

{{- define "gantry.selector" -}}
app.kubernetes.io/name: gantry
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "gantry.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "gantry.selector" . }}
app.kubernetes.io/part-of: gantry
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* The Service that leads to the operator's port of custom metrics. */}}
{{- define "gantry.customMetrics" -}}
{{- include "gantry.name" . }}-custom-metrics
{{- end -}}

{{- define "gantry.customMetrics.secret" -}}
{{- with .Values.customMetrics.tls }}{{ .secretName | default (printf "%s-tls" (include "gantry.customMetrics" $)) }}{{ end -}}
{{- end -}}

{{/* Certificate of the authority by which the API server knows the port, in PEM. cert-manager writes it by itself. */}}
{{- define "gantry.customMetrics.caBundle" -}}
{{- with .Values.customMetrics.tls -}}
{{- if .caBundle -}}{{ .caBundle }}
{{- else if not .certManager.enabled -}}
{{- $secret := lookup "v1" "Secret" $.Release.Namespace .secretName -}}
{{- with $secret -}}{{ get (.data | default dict) "ca.crt" | b64dec }}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "gantry.gateway" -}}
{{- include "gantry.name" . }}-gateway
{{- end -}}

{{- define "gantry.gateway.selector" -}}
app.kubernetes.io/name: gantry
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: gateway
{{- end -}}

{{- define "gantry.gateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "gantry.gateway.selector" . }}
app.kubernetes.io/part-of: gantry
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/*
The PriorityClass that the chart makes; it belongs to no namespace, so its name has that of the release. Kubernetes keeps names that begin with
system- for itself, and namespaces may begin so.
*/}}
{{- define "gantry.priority.own" -}}
gantry-operator.{{ .Release.Namespace }}.{{ .Release.Name }}
{{- end -}}

{{/* PriorityClass of the operator's pods; empty for the cluster's default. */}}
{{- define "gantry.priority" -}}
{{- with .Values.priorityClassName }}{{ . }}{{ else }}{{ if (.Values.priorityClass).create }}{{ include "gantry.priority.own" . }}{{ end }}{{ end -}}
{{- end -}}

{{/* Call with (list $ repository). */}}
{{- define "gantry.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- $root.Values.image.registry }}/{{ $image }}
{{- if not (regexMatch "[:@]" $image) }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}{{ end }}
{{- end -}}

{{/*
What the operator may do in the namespaces it looks after. `update` on the finalizers is asked for by clusters that check
owner references (the OwnerReferencesPermissionEnforcement admission plugin, on by default on OpenShift).
*/}}
{{- define "gantry.rules" -}}
- apiGroups: [gantry.dev]
  resources: [modeldeployments, modelevaluations]
  verbs: [get, list, watch]
- apiGroups: [gantry.dev]
  resources: [modeldeployments/status, modelevaluations/status]
  verbs: [patch]
- apiGroups: [gantry.dev]
  resources: [modeldeployments/finalizers, modelevaluations/finalizers]
  verbs: [update]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [list, watch]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
{{- if (.Values.gatewayApi).enabled }}
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes, grpcroutes]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}
{{- if (.Values.keda).enabled }}
- apiGroups: [keda.sh]
  resources: [scaledobjects]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: ['']
  resources: [services, persistentvolumeclaims, configmaps, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
# Services lead to the gateway by slices of the operator. What the controllers of Kubernetes leave of them is deleted.
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: ['']
  resources: [endpoints]
  verbs: [delete]
- apiGroups: ['']
  resources: [pods]
  verbs: [get, list, watch]
# An evaluation leaves its report in the log of its pod.
- apiGroups: ['']
  resources: [pods/log]
  verbs: [get]
- apiGroups: ['']
  resources: [events]
  verbs: [list, create]
# The Lease of a release tells whether it is at work, or its ModelDeployments may be taken over. Its name is not known beforehand.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get]
{{- end -}}

{{/* Name of an admission policy, which belongs to no namespace. Call with (list $ part). */}}
{{- define "gantry.admission.name" -}}
{{- $root := index . 0 -}}
{{ $root.Release.Namespace }}-{{ include "gantry.operator" $root }}-{{ index . 1 }}
{{- end -}}

{{/* The policies match no other account's requests. */}}
{{- define "gantry.admission.account" -}}
- name: is-the-operator
  expression: request.userInfo.username == 'system:serviceaccount:{{ .Release.Namespace }}:{{ include "gantry.operator" . }}'
{{- end -}}

{{/* Variables of a policy: the ModelDeployment or ModelEvaluation that controls the object, its name, the label that names it, and the account of its pods. */}}
{{- define "gantry.admission.model" -}}
- name: owners
  expression: >-
    object == null || !has(object.metadata.ownerReferences) ? [] : object.metadata.ownerReferences.filter(one,
    one.apiVersion.startsWith('gantry.dev/') && one.kind in ['ModelDeployment', 'ModelEvaluation'] && has(one.controller) && one.controller)
- name: model
  expression: "size(variables.owners) == 1 ? variables.owners[0].name : ''"
- name: owner
  expression: "size(variables.owners) == 1 ? variables.owners[0].kind : ''"
- name: label
  expression: "variables.owner == 'ModelEvaluation' ? 'gantry.dev/evaluation' : 'gantry.dev/model'"
- name: account
  expression: "variables.owner == 'ModelEvaluation' ? variables.model + '.evaluation' : variables.model"
{{- end -}}

{{/* Part of an expression: the proxies of the installation, which imports get as variables. */}}
{{- define "gantry.admission.proxy" -}}
{{- $proxy := (.Values.imports).proxy | default dict -}}
{{- if or $proxy.https $proxy.http }} || (variables.container.args[0] in ['import', 'evaluate'] && has(one.value) && (
        {{- $known := list -}}
        {{- range $name, $value := dict "HTTPS_PROXY" $proxy.https "HTTP_PROXY" $proxy.http }}{{ if $value }}{{ $known = append $known (printf "(one.name == '%s' && one.value == '%s')" $name (trimSuffix "/" $value)) }}{{ end }}{{ end }}
        {{- $known = append $known "one.name == 'NO_PROXY'" }}
        {{- join " || " $known }}))
{{- end -}}
{{- end -}}

{{/* Part of an expression: whether a list of podTemplate.allow names a text. Call with (list $ list expression). */}}
{{- define "gantry.admission.listed" -}}
{{- $root := index . 0 -}}
{{- $text := index . 2 -}}
{{- $known := list -}}
{{- range index $root.Values.podTemplate.allow (index . 1) }}
{{- if eq . "*" }}{{ $known = append $known "true" }}
{{- else if hasSuffix "*" . }}{{ $known = append $known (printf "%s.startsWith('%s')" $text (trimSuffix "*" .)) }}
{{- else }}{{ $known = append $known (printf "%s == '%s'" $text .) }}{{ end }}
{{- end }}
{{- if $known }}({{ join " || " $known }}){{ else }}false{{ end }}
{{- end -}}

{{/* Variables of our own programs, as checks/additions.ts has them: how their names begin, and whole names. */}}
{{- define "gantry.admission.ownPrefixes" -}}
NODE_|LD_|ORT_|OTEL_|GANTRY_|UV_|SSL_|OPENSSL_|MALLOC_|GLIBC_|KUBERNETES_|GCONV_|GIO_|VIPS|CUDA_INJECTION|NVTX_|NVIDIA_
{{- end -}}
{{- define "gantry.admission.ownNames" -}}
POD_NAME|PATH|HOME|LOCPATH|HTTP_PROXY|HTTPS_PROXY|NO_PROXY
{{- end -}}

{{/* Part of an expression: whether a name is one of these. Call with (list $ name). */}}
{{- define "gantry.admission.own" -}}
{{- $root := index . 0 -}}
{{ index . 1 }}.matches('(?i)^({{ include "gantry.admission.ownPrefixes" $root }})|(?i)^({{ include "gantry.admission.ownNames" $root }})$')
{{- end -}}

{{/* Part of an expression: whether a variable `one` has a plain value, a fact of its pod, or a key of an object that is listed. */}}
{{- define "gantry.admission.value" -}}
(!has(one.valueFrom) || has(one.valueFrom.fieldRef) ||
        (has(one.valueFrom.secretKeyRef) && {{ include "gantry.admission.listed" (list . "secrets" "one.valueFrom.secretKeyRef.name") }}) ||
        (has(one.valueFrom.configMapKeyRef) && {{ include "gantry.admission.listed" (list . "configMaps" "one.valueFrom.configMapKeyRef.name") }}))
{{- end -}}

{{/* Part of an expression: whether an entry `one` of envFrom names an object that is listed. */}}
{{- define "gantry.admission.source" -}}
((has(one.secretRef) && {{ include "gantry.admission.listed" (list . "secrets" "one.secretRef.name") }}) ||
        (has(one.configMapRef) && {{ include "gantry.admission.listed" (list . "configMaps" "one.configMapRef.name") }}))
{{- end -}}

{{/* Part of an expression: variables that models may give their servers, but for those of our programs. */}}
{{/* The keys of a Secret that imports may get (contract/source.ts). */}}
{{- define "gantry.admission.secretKeys" -}}
['token', 'username', 'password', 'hosts', 'HF_TOKEN', '.dockerconfigjson', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'credentials', 'publicKey']
{{- end }}

{{- define "gantry.admission.env" -}}
{{- if .Values.podTemplate.allow.env }} || (variables.container.args[0] == 'serve' && !{{ include "gantry.admission.own" (list . "one.name") }} &&
        {{ include "gantry.admission.listed" (list . "env" "one.name") }} &&
        {{ include "gantry.admission.value" . }})
{{- end -}}
{{- end -}}

{{/* Part of an expression: variables of a Secret or ConfigMap, none of which may become one of our programs. */}}
{{- define "gantry.admission.envFrom" -}}
{{- if .Values.podTemplate.allow.envFrom }} || (variables.container.args[0] == 'serve' && variables.container.envFrom.all(one,
        has(one.prefix) && {{ include "gantry.admission.listed" (list . "envFrom" "one.prefix") }} &&
        !{{ include "gantry.admission.own" (list . "one.prefix") }} &&
        !'{{ include "gantry.admission.ownPrefixes" . }}|{{ include "gantry.admission.ownNames" . }}'.split('|').exists(own, own.startsWith(one.prefix.upperAscii())) &&
        {{ include "gantry.admission.source" . }}))
{{- end -}}
{{- end -}}

{{/* Part of an expression: whether a volume `one` that is not Gantry's own is of a kind that is listed, and so are its objects. */}}
{{- define "gantry.admission.volume" -}}
((has(one.emptyDir) && has(one.emptyDir.sizeLimit) && {{ include "gantry.admission.listed" (list . "volumes" "'emptyDir'") }}) ||
        (has(one.configMap) && {{ include "gantry.admission.listed" (list . "volumes" "'configMap'") }} &&
        {{ include "gantry.admission.listed" (list . "configMaps" "one.configMap.name") }}) ||
        (has(one.secret) && {{ include "gantry.admission.listed" (list . "volumes" "'secret'") }} &&
        {{ include "gantry.admission.listed" (list . "secrets" "one.secret.secretName") }}) ||
        (has(one.projected) && {{ include "gantry.admission.listed" (list . "volumes" "'projected'") }} && one.projected.sources.all(part,
        (has(part.secret) && {{ include "gantry.admission.listed" (list . "secrets" "part.secret.name") }}) ||
        (has(part.configMap) && {{ include "gantry.admission.listed" (list . "configMaps" "part.configMap.name") }}))) ||
        (has(one.persistentVolumeClaim) && has(one.persistentVolumeClaim.readOnly) && one.persistentVolumeClaim.readOnly &&
        {{ include "gantry.admission.listed" (list . "volumes" "('persistentVolumeClaim/' + one.persistentVolumeClaim.claimName)") }}) ||
        (has(one.csi) && {{ include "gantry.admission.listed" (list . "volumes" "('csi/' + one.csi.driver)") }} && (!has(one.csi.nodePublishSecretRef) ||
        {{ include "gantry.admission.listed" (list . "secrets" "one.csi.nodePublishSecretRef.name") }})))
{{- end -}}

{{/* The validations of the steps of an optimization, which run before its version is committed. */}}
{{- define "gantry.admission.steps" -}}
{{- $root := index . 0 -}}
{{- $server := index . 1 -}}
{{- $optimizer := include "gantry.image" (list $root $root.Values.image.optimizer) -}}
{{- $trainer := "" -}}
{{- with $root.Values.image.trainer -}}
{{- $trainer = include "gantry.image" (list $root .) -}}
{{- end -}}
{{- $exporter := "" -}}
{{- with $root.Values.image.exporter -}}
{{- $exporter = include "gantry.image" (list $root .) -}}
{{- end -}}
- expression: >-
    variables.steps.all(step, !has(step.command) && has(step.args) && (step.image == {{ $optimizer | squote }} ||
    (step.image == {{ $server | squote }} && step.args[0] == 'samples'){{ with $trainer }} || (step.image == {{ . | squote }} &&
    step.name == 'optimize' && variables.owner == 'ModelDeployment' && step.args.exists(one, one.startsWith('--distill='))){{ end }}{{ with $exporter }} || (step.image == {{ . | squote }} &&
    step.name == 'export' && variables.owner == 'ModelDeployment' && step.args.exists(one, one.startsWith('--export='))){{ end }}))
  message: {{ printf "steps of optimizations run the image %s%s%s, or read samples" $optimizer (empty $trainer | ternary "" (printf ", or train a student in %s" $trainer)) (empty $exporter | ternary "" (printf ", or export a model in %s" $exporter)) | squote }}
- expression: >-
    variables.steps.all(step, !has(step.volumeMounts) || step.volumeMounts.all(mount,
    mount.mountPath in ['/optimization', '/tmp', '/etc/gantry-ca'] ||
    (mount.mountPath in ['/models', '/samples'] && has(mount.readOnly) && mount.readOnly) ||
    (mount.mountPath in ['/samples', '/dataset'] && step.image == {{ $server | squote }}) || (variables.owner == 'ModelEvaluation' &&
    ((mount.mountPath == '/evaluation-scratch' && has(mount.readOnly) && mount.readOnly) ||
    (mount.mountPath in ['/source', '/evaluation-scratch'] && step.image == {{ $server | squote }})))))
  message: steps of optimizations write to no volume of models, and only those that read samples for a ModelEvaluation to its source
- expression: >-
    variables.steps.all(step, !has(step.envFrom) && (!has(step.env) || step.env.all(one,
    (one.name == 'ORT_DISABLE_TELEMETRY' || (one.name.startsWith('GANTRY_DATASET_') && step.image == {{ $server | squote }}) ||
    (one.name.startsWith('GANTRY_SOURCE_') && variables.owner == 'ModelEvaluation' && step.image == {{ $server | squote }}){{ include "gantry.admission.proxy" $root }}) &&
    (!has(one.valueFrom) || (has(one.valueFrom.secretKeyRef) &&
    one.name in ['GANTRY_DATASET_' + one.valueFrom.secretKeyRef.key, 'GANTRY_SOURCE_' + one.valueFrom.secretKeyRef.key] &&
    one.valueFrom.secretKeyRef.key in {{ include "gantry.admission.secretKeys" $root }})))))
  message: steps of optimizations get only the variables that their programs read, and of a Secret the keys of a source
- expression: >-
    (variables.steps + variables.ownImports).all(step, !has(step.restartPolicy) && !has(step.lifecycle) && !has(step.ports) && !has(step.startupProbe) &&
    !has(step.readinessProbe) && !has(step.livenessProbe) && has(step.securityContext) && !has(step.securityContext.runAsNonRoot) &&
    !has(step.securityContext.runAsUser) && !has(step.securityContext.seccompProfile) && !has(step.securityContext.appArmorProfile) &&
    !has(step.securityContext.privileged) && has(step.securityContext.allowPrivilegeEscalation) &&
    !step.securityContext.allowPrivilegeEscalation && has(step.securityContext.readOnlyRootFilesystem) &&
    step.securityContext.readOnlyRootFilesystem && has(step.securityContext.capabilities) && !has(step.securityContext.capabilities.add) &&
    has(step.securityContext.capabilities.drop) && 'ALL' in step.securityContext.capabilities.drop)
  message: steps of optimizations and imports of servers run once, without root, privileges and capabilities, on a file system that is read-only
{{- end -}}

{{/* The validations of sidecars: none where no image is listed. */}}
{{- define "gantry.admission.sidecars" -}}
{{- if .Values.podTemplate.allow.sidecars -}}
- expression: >-
    variables.sidecars.all(sidecar, has(sidecar.restartPolicy) && sidecar.restartPolicy == 'Always' &&
    {{ include "gantry.admission.listed" (list . "sidecars" "sidecar.image") }})
  message: sidecars of Gantry are restarted for ever, and run images that podTemplate.allow.sidecars lists
- expression: >-
    variables.sidecars.all(sidecar, (!has(sidecar.env) || sidecar.env.all(one,
    {{ include "gantry.admission.value" . }})) &&
    (!has(sidecar.envFrom) || sidecar.envFrom.all(one,
    {{ include "gantry.admission.listed" (list . "envFrom" "one.?prefix.orValue('')") }} &&
    {{ include "gantry.admission.source" . }})))
  message: sidecars of Gantry get only Secrets and ConfigMaps that podTemplate.allow lists
- expression: >-
    variables.sidecars.all(sidecar, !has(sidecar.volumeMounts) || sidecar.volumeMounts.all(mount,
    variables.further.exists(one, one.name == mount.name))) &&
    (!has(variables.pod.shareProcessNamespace) || !variables.pod.shareProcessNamespace)
  message: sidecars of Gantry mount no volume of the server's own, and see none of its processes
- expression: >-
    variables.sidecars.all(sidecar, !has(sidecar.lifecycle) && (!has(sidecar.ports) || sidecar.ports.all(one, !has(one.hostPort) || one.hostPort == 0)) &&
    [sidecar.?startupProbe, sidecar.?readinessProbe, sidecar.?livenessProbe].all(probe,
    probe.?httpGet.host.orValue('') == '' && probe.?tcpSocket.host.orValue('') == ''))
  message: sidecars of Gantry share nothing with their node, and probes ask no other host
- expression: >-
    variables.sidecars.all(sidecar, has(sidecar.securityContext) &&
    !has(sidecar.securityContext.runAsNonRoot) && (!has(sidecar.securityContext.runAsUser) || sidecar.securityContext.runAsUser > 0) &&
    !has(sidecar.securityContext.seccompProfile) && !has(sidecar.securityContext.appArmorProfile) &&
    !has(sidecar.securityContext.seLinuxOptions) && !has(sidecar.securityContext.procMount) && !has(sidecar.securityContext.privileged) &&
    has(sidecar.securityContext.allowPrivilegeEscalation) && !sidecar.securityContext.allowPrivilegeEscalation &&
    has(sidecar.securityContext.capabilities) && !has(sidecar.securityContext.capabilities.add) &&
    has(sidecar.securityContext.capabilities.drop) && 'ALL' in sidecar.securityContext.capabilities.drop)
  message: sidecars of Gantry run without root, privileges and capabilities, under the runtime's seccomp profile
{{- end -}}
{{- end -}}
