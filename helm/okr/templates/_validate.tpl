{{/* Refuses values that contradict each other, which a schema cannot tell. Says all that is wrong at once. */}}
{{- define "okr.validate" -}}
{{- $wrong := list -}}
{{- $v := .Values -}}
{{- if not (or $v.redis.url $v.redis.existingSecret) -}}
{{- $wrong = append $wrong "redis: neither url nor existingSecret is set; services need one Redis" -}}
{{- end -}}
{{- if contains "@" $v.redis.url -}}
{{- $wrong = append $wrong "redis.url: has a user or password; put the whole URL into a Secret and name it in redis.existingSecret" -}}
{{- end -}}
{{- if and $v.redis.passwordKey (not $v.redis.existingSecret) -}}
{{- $wrong = append $wrong "redis.passwordKey: is set, but redis.existingSecret is not" -}}
{{- end -}}
{{- if and (hasPrefix "redis://" $v.redis.url) (or $v.redis.tls.caExistingSecret $v.redis.tls.clientExistingSecret) -}}
{{- $wrong = append $wrong "redis.tls: has certificates, but redis.url is redis://; use rediss://" -}}
{{- end -}}
{{- if and (eq $v.serviceTokens.mode "secret") (not $v.serviceTokens.secret.existingSecret) -}}
{{- $wrong = append $wrong "serviceTokens.secret.existingSecret: is empty, but serviceTokens.mode is secret" -}}
{{- end -}}
{{- if and (eq $v.serviceTokens.mode "secret") (not $v.auth.issuers) -}}
{{- $wrong = append $wrong "auth.issuers: is empty, but serviceTokens.mode is secret: no token would be believed" -}}
{{- end -}}
{{- if and (eq $v.serviceTokens.mode "secret") $v.tests.enabled (not (and $v.tests.token.existingSecret $v.tests.token.subject)) -}}
{{- $wrong = append $wrong "tests.token: needs existingSecret and subject where serviceTokens.mode is secret; or set tests.enabled to false" -}}
{{- end -}}
{{- if and (ne $v.tls.clientCertificates "none") (not $v.tls.enabled) -}}
{{- $wrong = append $wrong (printf "tls.clientCertificates: is %s, but tls.enabled is false" $v.tls.clientCertificates) -}}
{{- end -}}
{{- if $v.tls.enabled -}}
{{- range $name, $over := $v.services -}}
{{- $client := default $v.defaults.tls.clientExistingSecret (dig "tls" "clientExistingSecret" "" (default dict $over)) -}}
{{- if and (eq $v.tls.clientCertificates "required") (not (or $client $v.tls.client.existingSecret)) -}}
{{- $wrong = append $wrong (printf "tls.client.existingSecret: is empty, but tls.clientCertificates is required: %s could call no other service" $name) -}}
{{- end -}}
{{- end -}}
{{- if and (eq $v.tls.clientCertificates "required") $v.tests.enabled (not $v.tls.client.existingSecret) -}}
{{- $wrong = append $wrong "tls.client.existingSecret: is empty, but tls.clientCertificates is required: helm test could call no service; or set tests.enabled to false" -}}
{{- end -}}
{{- end -}}
{{- if and $v.otlp.caExistingSecret (not (hasPrefix "https://" $v.otlp.endpoint)) -}}
{{- $wrong = append $wrong "otlp.caExistingSecret: is set, but otlp.endpoint is not https://" -}}
{{- end -}}
{{- if and (eq $v.serviceTokens.mode "kubernetes") (has $v.serviceTokens.kubernetes.issuer (include "okr.issuerNames" . | splitList "\n")) -}}
{{- $wrong = append $wrong (printf "auth.issuers: names %s, which serviceTokens.kubernetes.issuer names too" $v.serviceTokens.kubernetes.issuer) -}}
{{- end -}}
{{- if $wrong -}}
{{- fail (printf "\n  %s" (join "\n  " $wrong)) -}}
{{- end -}}
{{- end -}}

{{- define "okr.issuerNames" -}}
{{- range .Values.auth.issuers }}{{ .issuer }}
{{ end -}}
{{- end -}}
