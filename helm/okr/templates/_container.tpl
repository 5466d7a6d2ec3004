{{/* (list root service values): the settings of a service as variables. Secrets come from files. */}}
{{- define "okr.env" -}}
{{- $root := index . 0 -}}
{{- $s := index . 2 -}}
{{- $v := $root.Values -}}
{{- $env := dict "OKR_LISTEN" (printf "%s:7443" $v.listenHost) "OKR_ADMIN_LISTEN" (printf "%s:9464" $v.listenHost) -}}
{{- $_ := set $env "OKR_SHARDS" $v.shards -}}
{{- $_ := set $env "OKR_DATABASE_URL_FILE" "/etc/okr/secrets/database/url" -}}
{{- $_ := set $env "OKR_RELAY_DATABASE_URL_FILE" "/etc/okr/secrets/database/relay-url" -}}
{{- $_ := set $env "OKR_PAGE_TOKEN_KEY_FILE" "/etc/okr/secrets/page-token-key" -}}
{{- $_ := set $env "OKR_TOKEN_ISSUERS_FILE" "/etc/okr/config/issuers.yaml" -}}
{{- $_ := set $env "OKR_SERVICE_TOKEN_FILE" (ternary "/var/run/secrets/okr/service/token" "/etc/okr/secrets/service-token" (eq $v.serviceTokens.mode "kubernetes")) -}}
{{- range $other, $_ := $v.services -}}
{{- $_ := set $env (printf "OKR_%s_ADDRESS" (upper $other)) (include "okr.address" (list $root $other)) -}}
{{- end -}}
{{- range $key, $value := $s.settings -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $env (printf "OKR_%s" ($key | upper | replace "-" "_")) $value -}}
{{- end -}}
{{- end -}}
{{- include "okr.redisEnv" (list $v $env) -}}
{{- if $v.tls.enabled -}}{{- include "okr.tlsEnv" (list $v $s $env) -}}{{- end -}}
{{- if $v.otlp.endpoint -}}
{{- $_ := set $env "OKR_OTLP_ENDPOINT" $v.otlp.endpoint -}}
{{- $_ := set $env "OKR_TRACE_SAMPLE_RATIO" $v.otlp.sampleRatio -}}
{{- if $v.otlp.caExistingSecret -}}{{- $_ := set $env "OKR_OTLP_CA_FILE" "/etc/okr/secrets/otlp/ca.crt" -}}{{- end -}}
{{- end -}}
{{- include "okr.envList" $env -}}
{{- end -}}

{{- define "okr.envList" -}}
{{- $lines := list -}}
{{- range $name, $value := . -}}
{{- $lines = append $lines (printf "- {name: %s, value: %s}" $name (toString $value | quote)) -}}
{{- end -}}
{{- join "\n" $lines -}}
{{- end -}}

{{- define "okr.redisEnv" -}}
{{- $redis := (index . 0).redis -}}
{{- $env := index . 1 -}}
{{- if $redis.url -}}
{{- $_ := set $env "OKR_REDIS_URL" $redis.url -}}
{{- else -}}
{{- $_ := set $env "OKR_REDIS_URL_FILE" "/etc/okr/secrets/redis/url" -}}
{{- end -}}
{{- if $redis.passwordKey -}}{{- $_ := set $env "OKR_REDIS_PASSWORD_FILE" "/etc/okr/secrets/redis/password" -}}{{- end -}}
{{- if $redis.tls.caExistingSecret -}}{{- $_ := set $env "OKR_REDIS_CA_FILE" "/etc/okr/secrets/redis/ca.crt" -}}{{- end -}}
{{- if $redis.tls.clientExistingSecret -}}
{{- $_ := set $env "OKR_REDIS_CERTIFICATE_FILE" "/etc/okr/secrets/redis/tls.crt" -}}
{{- $_ := set $env "OKR_REDIS_KEY_FILE" "/etc/okr/secrets/redis/tls.key" -}}
{{- end -}}
{{- end -}}

{{- define "okr.tlsEnv" -}}
{{- $tls := (index . 0).tls -}}
{{- $client := default $tls.client.existingSecret (index . 1).tls.clientExistingSecret -}}
{{- $env := index . 2 -}}
{{- $_ := set $env "OKR_TLS_CERTIFICATE_FILE" "/etc/okr/secrets/tls/server.crt" -}}
{{- $_ := set $env "OKR_TLS_KEY_FILE" "/etc/okr/secrets/tls/server.key" -}}
{{- $_ := set $env "OKR_SERVICES_CA_FILE" "/etc/okr/secrets/tls/ca.crt" -}}
{{- $_ := set $env "OKR_TLS_CLIENT_CERTIFICATES" $tls.clientCertificates -}}
{{- if ne $tls.clientCertificates "none" -}}{{- $_ := set $env "OKR_TLS_CLIENT_CA_FILE" "/etc/okr/secrets/tls/client-ca.crt" -}}{{- end -}}
{{- if $client -}}
{{- $_ := set $env "OKR_SERVICES_CERTIFICATE_FILE" "/etc/okr/secrets/tls/client.crt" -}}
{{- $_ := set $env "OKR_SERVICES_KEY_FILE" "/etc/okr/secrets/tls/client.key" -}}
{{- end -}}
{{- end -}}

{{/* (list root service values): the files below /etc/okr/secrets. */}}
{{- define "okr.secretSources" -}}
{{- $root := index . 0 -}}
{{- $s := index . 2 -}}
{{- $v := $root.Values -}}
{{- $database := default (printf "okr-%s-database" (index . 1)) $s.database.existingSecret -}}
{{- $files := list (list $database $s.database.urlKey "database/url") (list $database $s.database.relayUrlKey "database/relay-url") -}}
{{- $files = append $files (list $v.pageTokenKey.existingSecret $v.pageTokenKey.key "page-token-key") -}}
{{- if eq $v.serviceTokens.mode "secret" -}}
{{- $files = append $files (list $v.serviceTokens.secret.existingSecret $v.serviceTokens.secret.key "service-token") -}}
{{- end -}}
{{- if not $v.redis.url -}}{{- $files = append $files (list $v.redis.existingSecret $v.redis.urlKey "redis/url") -}}{{- end -}}
{{- if $v.redis.passwordKey -}}{{- $files = append $files (list $v.redis.existingSecret $v.redis.passwordKey "redis/password") -}}{{- end -}}
{{- with $v.redis.tls.caExistingSecret -}}{{- $files = append $files (list . $v.redis.tls.caKey "redis/ca.crt") -}}{{- end -}}
{{- with $v.redis.tls.clientExistingSecret -}}
{{- $files = concat $files (list (list . $v.redis.tls.certificateKey "redis/tls.crt") (list . $v.redis.tls.keyKey "redis/tls.key")) -}}
{{- end -}}
{{- if $v.tls.enabled -}}
{{- $server := default $v.tls.server.existingSecret $s.tls.existingSecret -}}
{{- $files = concat $files (list (list $server $v.tls.server.certificateKey "tls/server.crt") (list $server $v.tls.server.keyKey "tls/server.key")) -}}
{{- $files = append $files (list (include "okr.caSecret" $root) $v.tls.ca.key "tls/ca.crt") -}}
{{- if ne $v.tls.clientCertificates "none" -}}
{{- $files = append $files (list (include "okr.clientCaSecret" $root) $v.tls.clientCa.key "tls/client-ca.crt") -}}
{{- end -}}
{{- with default $v.tls.client.existingSecret $s.tls.clientExistingSecret -}}
{{- $files = concat $files (list (list . $v.tls.client.certificateKey "tls/client.crt") (list . $v.tls.client.keyKey "tls/client.key")) -}}
{{- end -}}
{{- end -}}
{{- if and $v.otlp.endpoint $v.otlp.caExistingSecret -}}
{{- $files = append $files (list $v.otlp.caExistingSecret $v.otlp.caKey "otlp/ca.crt") -}}
{{- end -}}
{{- range $i, $file := $files -}}
{{- if $i }}
{{ end -}}
{{- include "okr.secretSource" $file -}}
{{- end -}}
{{- end -}}
