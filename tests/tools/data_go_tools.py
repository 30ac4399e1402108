#!/usr/bin/env python3
# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes plugins/plugin_utils/_data/go_tools.json: what the collection knows about gopls, dlv and their like.

Hashes come from the Go checksum database (its signed log, asked through the module proxy), Go floors from each
release's own go.mod, ceilings from what the projects promise. Run it when a tool or Go had a release:

    ./dev data   or   python tests/tools/data_go_tools.py --shared ../shared/data
"""

from __future__ import annotations

import argparse
import datetime
import io
import json
import re
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "plugins" / "plugin_utils" / "_data"
SERVICES = DATA / "services.json"
KEEP = 4  # releases for each tool; gopls keeps all that VS Code ever asks for
RELEASE = re.compile(r"v(\d+)\.(\d+)\.(\d+)$")

# https://go.dev/doc/devel/release: the first release of each, to tell for which Go a gopls was made.
GO_BORN = {
    19: "2022-08-02", 20: "2023-02-01", 21: "2023-08-08", 22: "2024-02-06", 23: "2024-08-13",
    24: "2025-02-11", 25: "2025-08-12", 26: "2026-02-10", 27: "2026-08-11",
}  # fmt: skip
# A tool reads the export data of the Go it was made for, and no newer. Go 1.27.2 raised the format to V5.
# https://github.com/dominikh/go-tools/issues/1832
CEILINGS = {("staticcheck", "v0.8.1"): "1.26", ("staticcheck", "v0.8.0"): "1.26", ("staticcheck", "v0.7.0"): "1.26"}
MORE = [
    ("govulncheck", "golang.org/x/vuln/cmd/govulncheck", "golang.org/x/vuln"),
    ("stringer", "golang.org/x/tools/cmd/stringer", "golang.org/x/tools"),
    ("gomodifytags", "github.com/fatih/gomodifytags", "github.com/fatih/gomodifytags"),
]
WANTED = {
    "gopls",
    "dlv",
    "staticcheck",
    "goimports",
    "gofumpt",
    "golangci-lint-v2",
    "revive",
    "impl",
    "gotests",
    "goplay",
}
# dlv on macOS is signed and paired with the system's debugserver: https://github.com/go-delve/delve/tree/master/Documentation/installation
BUILT_ON_TARGET = {"dlv": ["darwin"]}
# Where dlv calls itself experimental it builds only when asked by name: pkg/proc/native/support_sentinel_*.go
TAGS = {
    "dlv": {
        "linux/loong64": "exp.linuxloong64",
        "linux/riscv64": "exp.linuxriscv64",
        "windows/arm64": "exp.winarm64",
    }
}


class Proxy:
    """The module proxy and the checksum database behind it."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"{self.base}/{path}", timeout=60) as answer:
            return bytes(answer.read())

    def versions(self, module: str) -> list[str]:
        known = self.get(f"{escape(module)}/@v/list").decode().split()
        return sorted((v for v in known if RELEASE.match(v)), key=semver, reverse=True)

    def mod(self, module: str, version: str) -> str:
        return self.get(f"{escape(module)}/@v/{version}.mod").decode()

    def date(self, module: str, version: str) -> str:
        return str(json.loads(self.get(f"{escape(module)}/@v/{version}.info"))["Time"])[:10]

    def sum(self, module: str, version: str) -> str:
        record = self.get(f"sumdb/sum.golang.org/lookup/{escape(module)}@{version}").decode()
        prefix = f"{module} {version} "
        return next(line for line in record.splitlines() if line.startswith(prefix))[len(prefix) :]


def escape(text: str) -> str:
    """Module paths in addresses: an upper-case letter becomes ``!`` and its lower-case form."""
    return re.sub(r"[A-Z]", lambda letter: "!" + letter.group().lower(), text)


def semver(version: str) -> tuple[int, ...]:
    match = RELEASE.match(version)
    return tuple(map(int, match.groups())) if match else (0,)


def go_floor(mod: str) -> str:
    found = re.search(r"^go (\S+)", mod, re.MULTILINE)
    return found.group(1) if found else "1.16"


def retracted(mod: str) -> list[tuple[str, str]]:
    """Closed ranges of versions that a module's newest go.mod takes back."""
    ranges = []
    for block in re.findall(r"^retract\s*\(([^)]*)\)|^retract\s+(.+)$", mod, re.MULTILINE):
        for line in "\n".join(block).splitlines():
            found = re.findall(r"v[0-9][\w.+-]*", line.partition("//")[0])
            if found:
                ranges.append((found[0], found[-1]))
    return ranges


def made_for(date: str) -> int:
    """The newest Go minor that was out, or would be within two months, when a gopls was released."""
    day = datetime.date.fromisoformat(date) + datetime.timedelta(days=60)
    return max(minor for minor, born in GO_BORN.items() if datetime.date.fromisoformat(born) <= day)


def gopls_release(proxy: Proxy, version: str, shared: dict[str, Any]) -> dict[str, Any]:
    known = shared.get(version)
    date = known["commit_date"] if known else proxy.date("golang.org/x/tools/gopls", version)
    floor = known["go_directive"] if known else go_floor(proxy.mod("golang.org/x/tools/gopls", version))
    try:
        total = proxy.sum("golang.org/x/tools/gopls", version)
    except urllib.error.HTTPError:
        if not known:
            raise
        total = known["module_h1"]  # some proxies do not answer for releases that nobody fetches any more
    if known and known["module_h1"] != total:
        sys.exit(f"gopls {version}: {known['module_h1']} here, {total} in the checksum database")
    return {"version": version, "sum": total, "go_build": floor, "go_max": f"1.{made_for(date)}"}


def dlv_ceiling(proxy: Proxy, version: str) -> str:
    """What this dlv's own source says of the newest Go it debugs."""
    archive = zipfile.ZipFile(io.BytesIO(proxy.get(f"github.com/go-delve/delve/@v/{version}.zip")))
    source = archive.read(f"github.com/go-delve/delve@{version}/pkg/goversion/compat.go").decode()
    found = re.search(r"MaxSupportedVersionOfGoMinor\s*=\s*(\d+)", source)
    return f"1.{found.group(1)}" if found else ""


def releases(proxy: Proxy, name: str, module: str, shared: dict[str, Any]) -> list[dict[str, Any]]:
    versions = proxy.versions(module)
    if not versions:
        return []
    gone = retracted(proxy.mod(module, versions[0]))
    good = [v for v in versions if not any(semver(low) <= semver(v) <= semver(high) for low, high in gone)]
    if name == "gopls":
        every = sorted({*good, *shared}, key=semver, reverse=True)  # the proxy lists recent ones only
        return [gopls_release(proxy, v, shared) for v in every]
    table = []
    for version in good[:KEEP]:
        ceiling = dlv_ceiling(proxy, version) if name == "dlv" else CEILINGS.get((name, version), "")
        floor = go_floor(proxy.mod(module, version))
        table.append({"version": version, "sum": proxy.sum(module, version), "go_build": floor, "go_max": ceiling})
    return table


def main() -> None:
    services = json.loads(SERVICES.read_text()) if SERVICES.exists() else {}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--shared", type=Path, required=True, help="folder with gopls-releases.json, vscode-go-tools.json"
    )
    default = services.get("profiles", {}).get("default", {}).get("proxy")
    parser.add_argument("--proxy", default=default, required=default is None, help="Go module proxy that serves /sumdb")
    arguments = parser.parse_args()
    proxy = Proxy(arguments.proxy)
    shared = {r["version"]: r for r in json.loads((arguments.shared / "gopls-releases.json").read_text())["releases"]}
    listed = json.loads((arguments.shared / "vscode-go-tools.json").read_text())["tools"]
    known = [(t["name"], t["import_path"], t["module_path"]) for t in listed if t["name"] in WANTED] + MORE
    tools = {}
    for name, package, module in sorted(known):
        print(name, file=sys.stderr)
        try:
            table = releases(proxy, name, module, shared)
        except urllib.error.HTTPError as error:
            # Named all the same: a version can be asked for, only no pin ships.
            print(f"  no pins: {error}", file=sys.stderr)
            table = []
        tools[name] = {"package": package, "module": module, "releases": table}
        if name in BUILT_ON_TARGET:
            tools[name]["built_on_target"] = BUILT_ON_TARGET[name]
        if name in TAGS:
            tools[name]["tags"] = TAGS[name]
    document = {
        "dated": datetime.date.today().isoformat(),
        "source": "Go checksum database through the proxy; go.mod of each release; gopls and dlv support policies",
        "tools": tools,
    }
    (DATA / "go_tools.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
