{{/* The file that says whose tokens are believed (common/rpc/token_issuers.h). */}}
{{- define "okr.issuers" -}}
{{- $issuers := list -}}
{{- range $i, $from := .Values.auth.issuers -}}
{{- $to := dict "issuer" $from.issuer "audience" $from.audience "may_name_services" (default false $from.mayNameServices) -}}
{{- $_ := set $to "jwks" (ternary (printf "jwks-%d.json" $i) (default "" $from.jwks) (hasKey $from "jwksDocument")) -}}
{{- if $from.jwksCa -}}{{- $_ := set $to "jwks_ca_file" (printf "/etc/okr/config/jwks-ca-%d.crt" $i) -}}{{- end -}}
{{- with $from.algorithms -}}{{- $_ := set $to "algorithms" . -}}{{- end -}}
{{- with $from.organizationClaim -}}{{- $_ := set $to "organization_claim" . -}}{{- end -}}
{{- with $from.roleClaim -}}{{- $_ := set $to "role_claim" . -}}{{- end -}}
{{- with $from.subjects -}}{{- $_ := set $to "subjects" . -}}{{- end -}}
{{- $issuers = append $issuers $to -}}
{{- end -}}
{{- if eq .Values.serviceTokens.mode "kubernetes" -}}
{{- $issuers = append $issuers (include "okr.kubernetesIssuer" . | fromYaml) -}}
{{- end -}}
{{- dict "clock_skew" .Values.auth.clockSkew "issuers" $issuers | toYaml -}}
{{- end -}}

{{/* The cluster as an issuer: it believes the accounts of the services, of the test, and those that the values name. */}}
{{- define "okr.kubernetesIssuer" -}}
{{- $k := .Values.serviceTokens.kubernetes -}}
{{- $subjects := deepCopy $k.subjects -}}
{{- range $name, $_ := .Values.services -}}
{{- $_ := set $subjects (include "okr.subject" (list $ $name)) (dict "role" "SERVICE" "organization" "*") -}}
{{- end -}}
{{- if .Values.tests.enabled -}}
{{- $_ := set $subjects (include "okr.subject" (list . "test")) (dict "role" "ADMIN" "organization" "okr-helm-test") -}}
{{- end -}}
issuer: {{ $k.issuer | quote }}
audience: {{ $k.audience | quote }}
jwks: {{ $k.jwks | quote }}
jwks_ca_file: /var/run/secrets/okr/cluster/ca.crt
jwks_token_file: /var/run/secrets/okr/cluster/token
subjects:
  {{- toYaml $subjects | nindent 2 }}
{{- end -}}

{{/* (list root component): what the cluster calls its account. */}}
{{- define "okr.subject" -}}
{{- $root := index . 0 -}}
{{- printf "system:serviceaccount:%s:%s-%s" $root.Release.Namespace (include "okr.fullname" $root) (index . 1) -}}
{{- end -}}
