"""Reads all OpenMetrics files of a folder by the parser of Prometheus' own client, which refuses what the text format forbids."""

import glob
import json
import os
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

read = {}
for path in glob.glob(f"{sys.argv[1]}/*.txt"):
    with open(path) as file:
        families = list(text_string_to_metric_families(file.read()))
    read[os.path.basename(path)[: -len(".txt")]] = {
        "types": sorted({family.type for family in families}),
        "units": {family.name: family.unit for family in families},
        "p99": [
            [sample.labels["rate"], sample.value]
            for family in families
            if family.name == "torchgauge_latency_seconds"
            for sample in family.samples
            if sample.labels["quantile"] == "0.99" and "rate" in sample.labels
        ],
    }
json.dump(read, sys.stdout)
