{{/*
What is looked up in the cluster before anything is made. `helm template` and client-side dry runs look nothing up, and an upgrade of a release is never
refused for what stands beside it.
*/}}
{{- define "gantry.checks" -}}
{{- include "gantry.checks.resources" (list "resources" .Values.resources) -}}
{{- with .Values.gateway -}}
{{- if .enabled -}}
{{- include "gantry.checks.resources" (list "gateway.resources" .resources) -}}
{{- end -}}
{{- end -}}
{{- include "gantry.checks.namespace" . -}}
{{- with .Values.customMetrics -}}
{{- if .enabled -}}
{{- include "gantry.checks.customMetrics" $ -}}
{{- end -}}
{{- end -}}
{{- if and .Release.IsInstall (not .Values.allowOverlap) -}}
{{- include "gantry.checks.overlap" . -}}
{{- end -}}
{{- end -}}

{{/* A Role in a namespace that does not exist is refused when the cluster-wide objects stand already. */}}
{{- define "gantry.checks.namespace" -}}
{{- with .Values.watchNamespace -}}
{{- if include "gantry.isMissing" . -}}
{{- fail (printf "watchNamespace is %s, and there is no such namespace: create it first" .) -}}
{{- end -}}
{{- end -}}
{{- range .Values.takeOverFrom -}}
{{- if include "gantry.isMissing" (first (splitList "/" .)) -}}
{{- fail (printf "takeOverFrom names %s, and there is no such namespace: leave it out, and free its models as docs/install.md says" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Not empty where there is surely no such namespace. Where nothing is looked up, kube-system is not found either. */}}
{{- define "gantry.isMissing" -}}
{{- if and (not (lookup "v1" "Namespace" "" .)) (lookup "v1" "Namespace" "" "kube-system") -}}missing{{- end -}}
{{- end -}}

{{/* Two releases that look after one namespace: the second one would find a manager on each model. */}}
{{- define "gantry.checks.overlap" -}}
{{- $ours := .Values.watchNamespace -}}
{{- range (lookup "apps/v1" "Deployment" "" "").items -}}
{{- $labels := .metadata.labels | default dict -}}
{{- $isOperator := and (eq (get $labels "app.kubernetes.io/name") "gantry") (eq (get $labels "app.kubernetes.io/component") "operator") -}}
{{- if and $isOperator (gt (int .spec.replicas) 0) -}}
{{- $theirs := "" -}}
{{- range (first .spec.template.spec.containers).env -}}
{{- if eq .name "WATCH_NAMESPACE" -}}{{- $theirs = .value -}}{{- end -}}
{{- end -}}
{{- if or (not $ours) (not $theirs) (eq $ours $theirs) -}}
{{- $name := printf "%s/%s" .metadata.namespace (get $labels "app.kubernetes.io/instance") -}}
{{- fail (printf "release %s looks after the ModelDeployments of %s already, and this release would look after those of %s: each has one manager. Set watchNamespace of both releases to namespaces of their own, uninstall %s first, or set allowOverlap=true to stand by until %s is gone" $name (include "gantry.scope" $theirs) (include "gantry.scope" $ours) $name $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "gantry.scope" -}}
{{- if . -}}namespace {{ . }}{{- else -}}all namespaces{{- end -}}
{{- end -}}

{{/* The API server refuses such a Deployment when everything else stands already. Call with (list path resources). */}}
{{- define "gantry.checks.resources" -}}
{{- $path := index . 0 -}}
{{- $requests := (index . 1).requests | default dict -}}
{{- range $name, $limit := (index . 1).limits | default dict -}}
{{- $request := get $requests $name -}}
{{- if and $request $limit (gt (include "gantry.quantity" $request | float64) (include "gantry.quantity" $limit | float64)) -}}
{{- fail (printf "%s.requests.%s is %v, more than %s.limits.%s, which is %v: raise the limit, or lower the request with it" $path $name $request $path $name $limit) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A quantity such as 500m or 1.5Gi as a number. */}}
{{- define "gantry.quantity" -}}
{{- $text := toString . -}}
{{- $factors := dict "n" 1e-9 "u" 1e-6 "m" 1e-3 "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 -}}
{{- $unit := regexFind "[a-zA-Z]+$" $text -}}
{{- mulf (trimSuffix $unit $text | float64) (get $factors $unit | default 1.0) -}}
{{- end -}}

{{/* One program of a cluster can serve custom.metrics.k8s.io, and the API server has to know its certificate. */}}
{{- define "gantry.checks.customMetrics" -}}
{{- $service := include "gantry.customMetrics" . -}}
{{- $release := .Release -}}
{{- range $version := list "v1beta1" "v1beta2" -}}
{{- $name := printf "%s.custom.metrics.k8s.io" $version -}}
{{- with lookup "apiregistration.k8s.io/v1" "APIService" "" $name -}}
{{- $owner := .spec.service | default dict -}}
{{- if not (and (eq (toString $owner.namespace) $release.Namespace) (eq (toString $owner.name) $service)) -}}
{{- fail (printf "customMetrics.enabled is true, and APIService %s leads to Service %v/%v already: one program of a cluster can serve this API. Remove that one, or set customMetrics.enabled=false and have it serve the metrics of models from Prometheus" $name $owner.namespace $owner.name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $tls := .Values.customMetrics.tls -}}
{{- if $tls.certManager.enabled -}}
{{- if not (.Capabilities.APIVersions.Has "cert-manager.io/v1") -}}
{{- fail "customMetrics.tls.certManager.enabled is true, and this cluster has no cert-manager: install it first, or give a certificate in customMetrics.tls.secretName (with `helm template`, add --api-versions cert-manager.io/v1)" -}}
{{- end -}}
{{- else -}}
{{- if not $tls.secretName -}}
{{- fail (printf "customMetrics.enabled is true, and there is no certificate: name a Secret of type kubernetes.io/tls in customMetrics.tls.secretName, whose certificate names %s.%s.svc, or set customMetrics.tls.certManager.enabled" $service .Release.Namespace) -}}
{{- end -}}
{{- if not (include "gantry.customMetrics.caBundle" .) -}}
{{- fail (printf "the API server does not know who signed the certificate in Secret %s: put the authority's certificate into its key ca.crt, or into customMetrics.tls.caBundle (`helm template` reads no Secrets)" $tls.secretName) -}}
{{- end -}}
{{- end -}}
{{- end -}}
