{{/* (list root name arguments): a container that runs one okrctl command. */}}
{{- define "okr.testStep" -}}
{{- $root := index . 0 -}}
- name: {{ index . 1 }}
  image: {{ include "okr.image" (list $root "okrctl" $root.Values.tests.imageDigest) }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  args: {{ index . 2 | toJson }}
  env:
    - {name: OKRCTL_CONFIG, value: /etc/okr/test/okrctl.yaml}
  resources:
    {{- toYaml $root.Values.tests.resources | nindent 4 }}
  securityContext:
    {{- toYaml $root.Values.defaults.securityContext | nindent 4 }}
  volumeMounts:
    - {name: test, mountPath: /etc/okr/test, readOnly: true}
{{- end -}}

{{- define "okr.testCycle" -}}year-{{ now | date "2006" }}{{- end -}}
{{- define "okr.testObjective" -}}installed-{{ now | date "2006" }}{{- end -}}
