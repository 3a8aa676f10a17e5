{{/* The release's name stands alone when it says gantry already: `gantry`, `prod-gantry`; else `prod` becomes `prod-gantry`. */}}
{{- define "gantry.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" (.Release.Name | trunc 43 | trimSuffix "-") .Chart.Name -}}
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
  resources: [modeldeployments]
  verbs: [get, list, watch]
- apiGroups: [gantry.dev]
  resources: [modeldeployments/status]
  verbs: [patch]
- apiGroups: [gantry.dev]
  resources: [modeldeployments/finalizers]
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
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: ['']
  resources: [services, persistentvolumeclaims, configmaps, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: ['']
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: ['']
  resources: [events]
  verbs: [list, create]
{{- end -}}

{{/* Name of an admission policy, which belongs to no namespace. Call with (list $ part). */}}
{{- define "gantry.admission.name" -}}
{{- $root := index . 0 -}}
{{ $root.Release.Namespace }}-{{ include "gantry.operator" $root }}-{{ index . 1 }}
{{- end -}}

{{/* The policies look at nobody else's requests. */}}
{{- define "gantry.admission.account" -}}
- name: is-the-operator
  expression: request.userInfo.username == 'system:serviceaccount:{{ .Release.Namespace }}:{{ include "gantry.operator" . }}'
{{- end -}}

{{/* Variables of a policy: the ModelDeployment that controls the object, and its name. */}}
{{- define "gantry.admission.model" -}}
- name: owners
  expression: >-
    object == null || !has(object.metadata.ownerReferences) ? [] : object.metadata.ownerReferences.filter(one,
    one.apiVersion.startsWith('gantry.dev/') && one.kind == 'ModelDeployment' && has(one.controller) && one.controller)
- name: model
  expression: "size(variables.owners) == 1 ? variables.owners[0].name : ''"
{{- end -}}

{{/* Part of an expression: the proxies of the installation, which imports get as variables. */}}
{{- define "gantry.admission.proxy" -}}
{{- $proxy := (.Values.imports).proxy | default dict -}}
{{- if or $proxy.https $proxy.http }} || (variables.container.args[0] == 'import' && has(one.value) && (
        {{- $known := list -}}
        {{- range $name, $value := dict "HTTPS_PROXY" $proxy.https "HTTP_PROXY" $proxy.http }}{{ if $value }}{{ $known = append $known (printf "(one.name == '%s' && one.value == '%s')" $name (trimSuffix "/" $value)) }}{{ end }}{{ end }}
        {{- $known = append $known "one.name == 'NO_PROXY'" }}
        {{- join " || " $known }}))
{{- end -}}
{{- end -}}

{{/* Part of an expression: variables that models may give their servers, but for those of our programs. */}}
{{- define "gantry.admission.env" -}}
{{- with .Values.podTemplate.allow.env }} || (variables.container.args[0] == 'serve' && !has(one.valueFrom) &&
        !one.name.matches('(?i)^(NODE_|LD_|ORT_|OTEL_|GANTRY_|UV_|SSL_|OPENSSL_|MALLOC_|GLIBC_|KUBERNETES_)|(?i)^(POD_NAME|PATH|HOME|HTTP_PROXY|HTTPS_PROXY|NO_PROXY)$') && (
        {{- $known := list -}}
        {{- range . }}{{ if hasSuffix "*" . }}{{ $known = append $known (printf "one.name.startsWith('%s')" (trimSuffix "*" .)) }}{{ else }}{{ $known = append $known (printf "one.name == '%s'" .) }}{{ end }}{{ end }}
        {{- join " || " $known }}))
{{- end -}}
{{- end -}}
