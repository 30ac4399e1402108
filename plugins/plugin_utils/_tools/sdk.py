# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: get a Go for the controller from the sources of ``go_sdk``, proved as there."""

from __future__ import annotations

import contextlib
import datetime
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ansible.module_utils.urls import open_url

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network, SourceError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._platform import detect
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._sources import lay_down
from ansible_collections.gopherops.workstation.plugins.module_utils._spec.go_sdk import ARGUMENT_SPEC
from ansible_collections.gopherops.workstation.plugins.plugin_utils._controller import alone, cache_dir
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._delivery import obtain
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._pins import load_pins, load_services
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._plan import make_plan
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._sumdb import look_up


def obtain_go(version: str, folder: Path) -> None:
    """Lay this version down as ``folder/goVERSION``."""
    here = detect(platform.system(), platform.machine(), _run)
    options = {name: option.get("default") for name, option in ARGUMENT_SPEC.items()}
    options.update(version=[version], state="present")
    today = datetime.datetime.now(tz=datetime.timezone.utc).date()
    services = load_services(options["profile"])
    plan = make_plan(options, load_pins(), today, lambda name, where: look_up(name, where, services))
    facts = plan["platforms"][here]
    if facts.get("refused"):
        raise WorkstationError("install", "Go for the controller", *facts["refused"])
    release = Release(version=version, platform=here, **facts["releases"][version])
    network = Network.of(open_url, options)
    with alone(folder / f"go{version}.lock"):
        if not (folder / f"go{version}").exists():
            _unpack(
                release, obtain(release, plan["sources"], network, cache_dir(os.environ) / "go").path, network, folder
            )


def _unpack(release: Release, archive: str, network: Network, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".stage-") as stage:
        tree = os.path.join(stage, "tree")
        os.mkdir(tree, 0o755)
        try:
            lay_down({"type": "local", "path": archive}, release, tree, os.path.join(stage, "download"), network)
        except SourceError as error:
            raise WorkstationError(
                "unpack", "Go", release.version, str(error), f"Remove {archive} and run again"
            ) from error
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder / f"go{release.version}")
        os.rename(tree, folder / f"go{release.version}")


def _run(arguments: Sequence[str]) -> tuple[int, str, str]:
    done = subprocess.run(list(arguments), capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr
