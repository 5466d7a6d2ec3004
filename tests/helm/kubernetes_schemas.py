#!/usr/bin/python3
"""Makes the JSON schemas that kubeconform checks against, from what Kubernetes and the Prometheus operator publish.

    kubernetes_schemas.py SWAGGER.json CRD_FOLDER OUTPUT_FOLDER

One file for each kind, KIND-GROUP-VERSION.json, in which unknown keys are refused.
"""
import json
import pathlib
import sys

import yaml

CRDS = ("servicemonitors", "prometheusrules")
PREFIX = "#/definitions/"


def refuse_unknown_keys(node):
    """In place; where free keys are meant Kubernetes says so by additionalProperties or an extension."""
    if isinstance(node, list):
        for item in node:
            refuse_unknown_keys(item)
    elif isinstance(node, dict):
        free = "additionalProperties" in node or node.get("x-kubernetes-preserve-unknown-fields")
        if isinstance(node.get("properties"), dict) and not free:
            node["additionalProperties"] = False
        if node.get("format") == "int-or-string" or node.pop("x-kubernetes-int-or-string", False):
            node.pop("type", None)
            node.pop("format", None)
            node["oneOf"] = [{"type": "string"}, {"type": "integer"}]
            node.pop("anyOf", None)
        node.pop("format", None) if isinstance(node.get("format"), str) else None
        for value in list(node.values()):
            refuse_unknown_keys(value)


def references(node):
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix(PREFIX)
        for value in node.values():
            yield from references(value)


def closure(name, definitions):
    """The definition and all that it refers to."""
    found, waiting = {}, [name]
    while waiting:
        next_name = waiting.pop()
        if next_name not in found:
            found[next_name] = definitions[next_name]
            waiting.extend(references(definitions[next_name]))
    return found


def write(folder, group, version, kind, schema):
    parts = [kind.lower()] + ([group.split(".")[0]] if group else []) + [version]
    (folder / f"{'-'.join(parts)}.json").write_text(json.dumps(schema))


def from_swagger(path, folder):
    definitions = json.loads(path.read_text())["definitions"]
    kinds = [(name, gvk[0]) for name, definition in definitions.items()
             if len(gvk := definition.get("x-kubernetes-group-version-kind", [])) == 1]
    for definition in definitions.values():
        refuse_unknown_keys(definition)
    # Resource quantities are strings or numbers, what the description says and the type does not.
    definitions["io.k8s.apimachinery.pkg.api.resource.Quantity"] = {"oneOf": [{"type": "string"}, {"type": "number"}]}
    for name, gvk in kinds:
        schema = {"$ref": PREFIX + name, "definitions": closure(name, definitions)}
        write(folder, gvk["group"], gvk["version"], gvk["kind"], schema)
    return len(kinds)


def from_crd(path, folder):
    crd = yaml.safe_load(path.read_text())["spec"]
    for version in crd["versions"]:
        schema = version["schema"]["openAPIV3Schema"]
        schema["properties"]["metadata"]["additionalProperties"] = True
        refuse_unknown_keys(schema)
        write(folder, crd["group"], version["name"], crd["names"]["kind"], schema)


def main(swagger, crds, output):
    folder = pathlib.Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    count = from_swagger(pathlib.Path(swagger), folder)
    for crd in CRDS:
        from_crd(pathlib.Path(crds) / f"monitoring.coreos.com_{crd}.yaml", folder)
    print(f"{count + len(CRDS)} schemas in {folder}")


if __name__ == "__main__":
    main(*sys.argv[1:])
