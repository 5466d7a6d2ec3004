{{/* The beginning of all names, short enough for "-notifications-headless" behind it. */}}
{{- define "okr.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* (list root component): what selects its pods. */}}
{{- define "okr.selectorLabels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* (list root component): what every object carries. */}}
{{- define "okr.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "okr.selectorLabels" . }}
app.kubernetes.io/version: {{ default $root.Chart.AppVersion $root.Values.image.tag | quote }}
app.kubernetes.io/part-of: okr
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* (list root program digest): the image to run. */}}
{{- define "okr.image" -}}
{{- $root := index . 0 -}}
{{- $image := printf "%s/%s" $root.Values.image.registry (index . 1) -}}
{{- with index . 2 -}}
{{- printf "%s@%s" $image . -}}
{{- else -}}
{{- printf "%s:%s" $image (default $root.Chart.AppVersion $root.Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* (list map over): sets in the map what `over` says, map by map; unlike mergeOverwrite also false, 0 and "". */}}
{{- define "okr.override" -}}
{{- $map := index . 0 -}}
{{- range $key, $value := default dict (index . 1) -}}
{{- if and (kindIs "map" $value) (kindIs "map" (get $map $key)) -}}
{{- include "okr.override" (list (get $map $key) $value) -}}
{{- else -}}
{{- $_ := set $map $key $value -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Seconds of a duration such as 1m30s. */}}
{{- define "okr.seconds" -}}
{{- $hours := regexFind "[0-9]+h" . | trimSuffix "h" | int -}}
{{- $minutes := regexFind "[0-9]+m" . | trimSuffix "m" | int -}}
{{- $seconds := regexFind "[0-9]+s" . | trimSuffix "s" | int -}}
{{- add (mul $hours 3600) (mul $minutes 60) $seconds -}}
{{- end -}}

{{/* (list name service-values): how long the kubelet waits before it kills, longer than the service takes to stop. */}}
{{- define "okr.terminationGracePeriodSeconds" -}}
{{- $s := index . 1 -}}
{{- $stop := add (include "okr.seconds" (get $s.settings "shutdown-delay") | int) (include "okr.seconds" $s.settings.drain | int) -}}
{{- if kindIs "invalid" $s.terminationGracePeriodSeconds -}}
{{- add $stop 10 -}}
{{- else -}}
{{- if le (int $s.terminationGracePeriodSeconds) (int $stop) -}}
{{- fail (printf "services.%s: terminationGracePeriodSeconds is %d, but settings.shutdown-delay and settings.drain take %d s; set it higher than that, or leave it empty" (index . 0) (int $s.terminationGracePeriodSeconds) (int $stop)) -}}
{{- end -}}
{{- int $s.terminationGracePeriodSeconds -}}
{{- end -}}
{{- end -}}

{{/* How many pods a service has at least. */}}
{{- define "okr.minPods" -}}
{{- ternary .autoscaling.minReplicas .replicas .autoscaling.enabled | int -}}
{{- end -}}

{{/* Whose logs a service follows, and whom it therefore calls; names with spaces between. */}}
{{- define "okr.followed" -}}
{{- get (dict "goals" "scoring" "checkins" "goals" "scoring" "goals checkins" "notifications" "goals checkins scoring") . -}}
{{- end -}}

{{/* (list root service): the name by which all its pods are found. */}}
{{- define "okr.address" -}}
{{- $root := index . 0 -}}
{{- printf "dns:///%s-%s-headless.%s.svc:7443" (include "okr.fullname" $root) (index . 1) $root.Release.Namespace -}}
{{- end -}}

{{/* Secrets with defaults that depend on others. */}}
{{- define "okr.caSecret" -}}
{{- default .Values.tls.server.existingSecret .Values.tls.ca.existingSecret -}}
{{- end -}}
{{- define "okr.clientCaSecret" -}}
{{- default (include "okr.caSecret" .) .Values.tls.clientCa.existingSecret -}}
{{- end -}}

{{/* (list secret key path): a source of a projected volume. */}}
{{- define "okr.secretSource" -}}
- secret:
    name: {{ index . 0 }}
    items:
      - {key: {{ index . 1 | quote }}, path: {{ index . 2 }}}
{{- end -}}

{{/* Where a pod may run, as its values say. */}}
{{- define "okr.placement" -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" -}}
{{- with get $ $key }}
{{ dict $key . | toYaml }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the pods of the chart have in common. */}}
{{- define "okr.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
