# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the bill of materials of an archive: CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).

    tests/tools/sbom.py ARCHIVE > gopherops-workstation-VERSION.cdx.json

What the collection holds is its own; what it needs to run from a checkout is requirements/provision.txt, with hashes;
what it takes for known of others is the dated data, a component each. The same archive gives the same bill.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tarball

REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\n]*(?:\n    --hash=[^\n]*)*)", re.MULTILINE)
DATA = "plugins/plugin_utils/_data/"
Part = dict[str, Any]


def bill(archive: Path) -> Part:
    files = tarball.read(archive)
    info = json.loads(files["MANIFEST.json"][1])["collection_info"]
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    name = f"{info['namespace']}.{info['name']}"
    ours: Part = {
        "type": "library",
        "bom-ref": f"pkg:generic/{name}@{info['version']}",
        "name": name,
        "version": info["version"],
        "description": info["description"],
        "licenses": [{"license": {"id": one}} for one in info["license"]],
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "externalReferences": [{"type": "vcs", "url": info["repository"]}],
    }
    needed = list(requirements((tarball.ROOT / "requirements" / "provision.txt").read_text(encoding="utf-8")))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {"component": ours},
        "components": [*needed, *facts(files)],
        "dependencies": [{"ref": ours["bom-ref"], "dependsOn": [part["bom-ref"] for part in needed]}],
    }


def requirements(text: str) -> Iterator[Part]:
    """Locked Python packages; one that is locked twice, for two Pythons, is two components."""
    for name, version, rest in REQUIREMENT.findall(text):
        yield {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name.lower()}@{version}",
            "purl": f"pkg:pypi/{name.lower()}@{version}",
            "name": name,
            "version": version,
            "scope": "required",
            "hashes": [{"alg": "SHA-256", "content": one} for one in re.findall(r"sha256:([0-9a-f]{64})", rest)],
        }


def facts(files: tarball.Files) -> Iterator[Part]:
    """Data of others, with its date and where it is from."""
    for name, (_info, body) in files.items():
        if name.startswith(DATA) and name.endswith(".json"):
            data = json.loads(body)
            yield {
                "type": "data",
                "bom-ref": name,
                "name": name.removeprefix(DATA),
                "version": str(data["dated"]),
                "description": str(data["source"]),
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(body).hexdigest()}],
            }


def main(words: list[str]) -> int:
    if len(words) != 1:
        print("usage: tests/tools/sbom.py ARCHIVE", file=sys.stderr)
        return 2
    print(json.dumps(bill(Path(words[0])), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
