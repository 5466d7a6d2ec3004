#!/usr/bin/env python3
"""Writes what the ConfigMaps among the manifests on standard input hold, a file for each key.

  config_maps.py FOLDER
"""

import pathlib
import sys

import yaml

folder = pathlib.Path(sys.argv[1])
for manifest in yaml.safe_load_all(sys.stdin):
    if manifest and manifest["kind"] == "ConfigMap":
        for name, text in manifest["data"].items():
            (folder / name).write_text(text)
