#!/usr/bin/python3
"""The table of values in helm/okr/README.md, from the comments of helm/okr/values.yaml.

    values_table.py [--write]     without --write it complains where the README is out of date

The comment above a key is its text. A map whose keys have no comments is one value. A key without a comment is an error.
"""
import json
import pathlib
import re
import sys

import yaml

CHART = pathlib.Path(__file__).resolve().parents[2] / "helm" / "okr"
BEGIN, END = "<!-- Written by tests/helm/values_table.py. -->", "<!-- End of what is written by it. -->"
KEY = re.compile(r"^( *)([A-Za-z][\w-]*):(?: |$)")


def comments(text):
    """The comment above each key, by path."""
    found, path, pending = {}, [], []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("#"):
            pending.append(stripped.removeprefix("#").strip())
        elif match := KEY.match(line):
            path = path[: len(match[1]) // 2] + [match[2]]
            if pending:
                found[tuple(path)] = " ".join(pending)
            pending = []
        else:
            pending = []
    return found


def rows(value, path, texts, missing):
    below = [key for key in texts if len(key) > len(path) and key[: len(path)] == path]
    if isinstance(value, dict) and value and below:
        for key, child in value.items():
            yield from rows(child, path + (key,), texts, missing)
        return
    if path not in texts:
        missing.append(".".join(path))
    yield f"| `{'.'.join(path)}` | {texts.get(path, '')} | `{json.dumps(value, ensure_ascii=False)}` |"


def table():
    text = (CHART / "values.yaml").read_text()
    missing = []
    lines = ["| value | what it is | default |", "| --- | --- | --- |"]
    for key, value in yaml.safe_load(text).items():
        lines += rows(value, (key,), comments(text), missing)
    if missing:
        sys.exit(f"helm/okr/values.yaml: no comment above {', '.join(missing)}")
    return "\n".join(lines)


def main(arguments):
    readme = CHART / "README.md"
    text = readme.read_text()
    if BEGIN not in text or END not in text:
        sys.exit(f"{readme}: the lines {BEGIN} and {END} are missing")
    head, rest = text.split(BEGIN, 1)
    wanted = f"{head}{BEGIN}\n\n{table()}\n\n{END}{rest.split(END, 1)[1]}"
    if arguments == ["--write"]:
        readme.write_text(wanted)
    elif wanted != text:
        sys.exit("helm/okr/README.md: its table is not that of values.yaml; run tests/helm/values_table.py --write")


if __name__ == "__main__":
    main(sys.argv[1:])
