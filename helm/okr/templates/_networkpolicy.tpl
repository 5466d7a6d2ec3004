{{/* (list peers-or-empty ports protocols...): one rule of egress; without peers it goes anywhere. */}}
{{- define "okr.egress" -}}
{{- $protocols := default (list "TCP") (index . 2) -}}
- ports:
    {{- range $port := index . 1 }}
    {{- range $protocol := $protocols }}
    - {port: {{ $port }}, protocol: {{ $protocol }}}
    {{- end }}
    {{- end }}
  {{- with index . 0 }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "okr.egressDns" -}}
{{- include "okr.egress" (list .Values.networkPolicy.dns.to .Values.networkPolicy.dns.ports (list "UDP" "TCP")) -}}
{{- end -}}

{{- define "okr.egressPostgresql" -}}
{{- include "okr.egress" (list .Values.networkPolicy.postgresql.to .Values.networkPolicy.postgresql.ports nil) -}}
{{- end -}}

{{/* (list root components): the pods of these components of the release, as peers. */}}
{{- define "okr.peers" -}}
{{- $root := index . 0 -}}
{{- range index . 1 }}
- podSelector:
    matchLabels:
      {{- include "okr.selectorLabels" (list $root .) | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Whether there is anything but the cluster that keys are read from. */}}
{{- define "okr.readsJwks" -}}
{{- range .Values.auth.issuers }}{{ if .jwks }}yes{{ end }}{{ end -}}
{{- end -}}
