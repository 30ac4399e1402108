#!/bin/sh
# The main job twice on the machine that this runs on, then the doctor: the second run must change nothing.
# Arguments go to ./dev provision.
set -eu
reports=$(mktemp -d)
./dev provision --yes -e "golang_dev_report_file=$reports/first.json" "$@"
./dev provision --yes -e "golang_dev_report_file=$reports/second.json" "$@"
python3 - "$reports/second.json" <<'PYTHON'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as stream:
    report = json.load(stream)
changed = [line for line in report["lines"] if line["state"] == "changed"]
if changed or report["passed"] is not True:
    sys.exit(f"second run: changed {changed}, passed {report['passed']}")
print("second run: nothing changed, functional check passed")
PYTHON
./dev doctor
