{{/*
(list root weight): annotations that make an object of the migrations a hook, which goes before the services. The Job stays for
its log; what it needed goes with its success, since Helm would not take it over in another mode.
*/}}
{{- define "okr.migrationsHook" -}}
{{- if eq (index . 0).Values.migrations.mode "hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ index . 1 | quote }}
helm.sh/hook-delete-policy: before-hook-creation{{ if lt (index . 1) 0 }},hook-succeeded{{ end }}
{{- end -}}
{{- end -}}

{{/* What the Job does; a Job cannot be changed, so its name has a digest of it. */}}
{{- define "okr.migrationsPod" -}}
{{- $m := .Values.migrations -}}
metadata:
  labels:
    {{- include "okr.labels" (list . "migrations") | nindent 4 }}
  {{- with $m.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "okr.fullname" . }}-migrations
  {{- include "okr.podBasics" . | nindent 2 }}
  restartPolicy: Never
  securityContext:
    {{- toYaml .Values.defaults.podSecurityContext | nindent 4 }}
  {{- with include "okr.placement" $m | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  containers:
    - name: migrate
      image: {{ include "okr.image" (list . "okr-migrate" $m.imageDigest) }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [up]
      env:
        - {name: OKR_DATABASE_URL_FILE, value: /etc/okr/secrets/database/url}
        - {name: OKR_SHARDS, value: {{ .Values.shards | quote }}}
        - {name: OKR_WAIT, value: {{ $m.wait | quote }}}
        - {name: OKR_TIMEOUT, value: {{ $m.timeout | quote }}}
      resources:
        {{- toYaml $m.resources | nindent 8 }}
      securityContext:
        {{- toYaml .Values.defaults.securityContext | nindent 8 }}
      volumeMounts:
        - {name: secrets, mountPath: /etc/okr/secrets, readOnly: true}
  volumes:
    - name: secrets
      projected:
        defaultMode: 0440
        sources:
          {{- include "okr.secretSource" (list $m.database.existingSecret $m.database.urlKey "database/url") | nindent 10 }}
{{- end -}}
