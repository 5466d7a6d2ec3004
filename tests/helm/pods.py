#!/usr/bin/python3
"""From manifests on standard input: the pods that Deployments and Jobs would make, as manifests.

Pod security only warns of a Deployment; what it enforces it enforces on pods.
"""
import sys

import yaml


def pod_of(manifest):
    template = manifest["spec"]["template"]
    name = f"{manifest['metadata']['name']}-pod"
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {**template["metadata"], "name": name}, "spec": template["spec"]}


def main():
    manifests = [manifest for manifest in yaml.safe_load_all(sys.stdin) if manifest]
    pods = [pod_of(manifest) for manifest in manifests if manifest["kind"] in ("Deployment", "Job")]
    if not pods:
        sys.exit("no Deployment and no Job among the manifests")
    yaml.safe_dump_all(pods, sys.stdout)


if __name__ == "__main__":
    main()
