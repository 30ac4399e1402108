# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write plugins/plugin_utils/_data/go_env_vars.json: what ``go env -w`` takes, read from the source of real Go trees.

    tests/tools/data_go_env.py GOROOT [GOROOT ...]

Several trees (the supported releases) are joined: a variable that any of them knows is known. The newest tree names the
rules. Only values that are words are taken from the source; the rules that are code are written in _env_rules.py and
compared with a real Go by its unit tests.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pathlib
import re
import subprocess
import sys
from typing import Any

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "plugins" / "plugin_utils" / "_data" / "go_env_vars.json"


def _cases(source: str, reason: str) -> list[str]:
    """The names of the ``case`` whose answer is this reason."""
    found = re.search(r'case ((?:"\w+",?\s*)+):\s+return fmt\.Errorf\("%s ' + re.escape(reason), source)
    if not found:
        sys.exit(f"cmd/go/internal/envcmd/env.go has no case that answers '{reason}': the generator needs a look")
    return re.findall(r'"(\w+)"', found.group(1))


def read_tree(goroot: pathlib.Path) -> dict[str, Any]:
    """What one Go tree says about its variables."""
    known = re.search(r"const KnownEnv = `([^`]+)`", (goroot / "src/internal/cfg/cfg.go").read_text("utf-8"))
    source = (goroot / "src/cmd/go/internal/envcmd/env.go").read_text("utf-8")
    flags = (goroot / "src/internal/goexperiment/flags.go").read_text("utf-8")
    one_of = re.search(r'case "GO111MODULE":\s+switch val \{\s+case ((?:"\w*"(?:, )?)+):', source)
    if not known or not one_of:
        sys.exit(f"{goroot} is not laid out as this generator expects")
    pairs = subprocess.run(
        [goroot / "bin/go", "tool", "dist", "list"], check=True, capture_output=True, text=True
    ).stdout.split()
    experiments = re.findall(r"^\t(\w+) +bool$", flags.partition("type Flags struct")[2], re.MULTILINE)
    return {
        "go": (goroot / "VERSION").read_text("utf-8").split()[0],
        "known": known.group(1).split(),
        "cannot_be_modified": _cases(source, "cannot be modified"),
        "only_os_environment": _cases(source, "can only be set using the OS environment"),
        "one_of": {"GO111MODULE": re.findall(r'"(\w*)"', one_of.group(1))},
        "platforms": pairs,
        "experiments": [name.lower() for name in experiments],
    }


def join(trees: list[dict[str, Any]]) -> dict[str, Any]:
    """One table of several trees."""

    def union(key: str) -> list[str]:
        return sorted({name for tree in trees for name in tree[key]})

    names = ("known", "cannot_be_modified", "only_os_environment", "platforms", "experiments")
    return {
        "dated": datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat(),
        "source": "src/internal/cfg/cfg.go, src/cmd/go/internal/envcmd/env.go and `go tool dist list` of "
        + ", ".join(tree["go"] for tree in trees),
        **{name: union(name) for name in names},
        "one_of": trees[-1]["one_of"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("goroot", nargs="+", type=pathlib.Path, help="oldest first")
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT)
    given = parser.parse_args()
    table = join([read_tree(root) for root in given.goroot])
    given.output.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
