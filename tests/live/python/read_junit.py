"""Reads all JUnit files of a folder by an XML parser, and tells their cases."""

import glob
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

read = {}
for path in glob.glob(f"{sys.argv[1]}/*.xml"):
    root = ElementTree.parse(path).getroot()
    cases = root.findall("testsuite/testcase")
    read[os.path.basename(path)[: -len(".xml")]] = {
        "root": root.tag,
        "counted": [int(root.get(name)) for name in ("tests", "failures", "errors", "skipped")],
        "found": [len(cases)] + [len(root.findall(f".//{name}")) for name in ("failure", "error", "skipped")],
        "names": [case.get("name") for case in cases],
    }
json.dump(read, sys.stdout)
