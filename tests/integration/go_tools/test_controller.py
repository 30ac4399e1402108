# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds on the controller: right for every platform, the same bytes everywhere, made once, sent where they lack."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from developer import Account, tool  # type: ignore[import-not-found]
from module_proxy import MODULE, Shelf  # type: ignore[import-not-found]

from ansible_collections.gopherops.workstation.plugins.module_utils._buildinfo import read_buildinfo
from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._tools.wanted import Tool, Wanted
from ansible_collections.gopherops.workstation.plugins.plugin_utils._tools.workshop import (
    Workshop,
    controller_settings,
    run_here,
)

ROOT = Path(__file__).resolve().parents[3]
PLATFORMS = ["linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"]


def workshop(account: Account, folder: Path, **environment: str) -> Workshop:
    process = {"HOME": str(account.home), "PATH": os.environ["PATH"]}
    settings = controller_settings(process, {**account.environment, **environment})

    def run(command: list[str], changes: dict[str, str], where: str) -> tuple[int, str, str]:
        account.commands.append(command)
        return run_here(command, {"HOME": str(account.home), **changes}, where)

    return Workshop(folder, lambda version: account.go, run, settings)


def wanted(platform: str, total: str, package: str = f"{MODULE}/cmd/x", name: str = "x") -> Wanted:
    goos, goarch = platform.split("/")
    version = "v2.0.0" if "/v2" in package else "v1.0.0"
    entry = Tool.from_plan(tool(version, total, package, name))
    return Wanted(entry, entry.releases[0], "1.27.4", goos, goarch)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_builds_for_every_platform_although_gobin_is_set(
    account: Account, shelf: Shelf, tmp_path: Path, platform: str
) -> None:
    total = shelf.add("v1.0.0")
    config = account.home / ".config" / "go"
    config.mkdir(parents=True)
    (config / "env").write_text(f"GOBIN={tmp_path}/from-file\n")
    made = workshop(account, tmp_path / "cache", GOBIN=f"{tmp_path}/from-environment").parcel(wanted(platform, total))
    (program,) = (path for path in made.packed.parent.iterdir() if path.name.startswith("x"))
    info = read_buildinfo(str(program))
    assert program.name == ("x.exe" if platform.startswith("windows") else "x")
    assert f"{info.settings['GOOS']}/{info.settings['GOARCH']}" == platform and info.sum == total
    said = subprocess.run([account.go, "version", "-m", str(program)], capture_output=True, text=True, check=True)
    assert f"build\tGOOS={info.settings['GOOS']}" in said.stdout
    assert not (tmp_path / "from-file").exists() and not (tmp_path / "from-environment").exists()


def test_the_same_bytes_in_two_places_and_on_the_target(account: Account, shelf: Shelf, tmp_path: Path) -> None:
    """Other folders, another cache, another home, poison in the environment: only the inputs decide."""
    total = shelf.add("v1.0.0")
    goos, goarch = os.uname().sysname.lower(), read_buildinfo(account.go).settings["GOARCH"]
    here = wanted(f"{goos}/{goarch}", total)
    first = workshop(account, tmp_path / "one").parcel(here)
    elsewhere = tmp_path / "a much longer place" / "two"
    other = Account(
        tmp_path / "another home", account.go, {**account.environment, "GOMODCACHE": str(tmp_path / "mod2")}
    )
    other.home.mkdir()
    fresh = {"GOCACHE": str(tmp_path / "build2"), "GOFLAGS": "-modcacherw -ldflags=-s", "GOEXPERIMENT": "none"}
    second = workshop(other, elsewhere, **fresh).parcel(here)
    account(tool("v1.0.0", total))
    assert first.sha256 == second.sha256 == sha256(str(account.bin / "x"))
    shutil.rmtree(tmp_path / "mod2")


def test_made_once_and_made_again_only_when_the_parcel_is_damaged(
    account: Account, shelf: Shelf, tmp_path: Path
) -> None:
    total = shelf.add("v1.0.0")
    shop = workshop(account, tmp_path / "cache")
    parcel = shop.parcel(wanted("darwin/arm64", total))
    builds = len(account.commands)
    assert shop.parcel(wanted("darwin/arm64", total)) == parcel and len(account.commands) == builds
    program = parcel.packed.parent / "x"
    program.write_bytes(program.read_bytes()[:-1] + b"!")
    assert shop.parcel(wanted("darwin/arm64", total)) == parcel and len(account.commands) == 2 * builds


def test_a_main_package_that_ends_in_v2(account: Account, shelf: Shelf, tmp_path: Path) -> None:
    total = shelf.add("v2.0.0", f"{MODULE}/v2")
    parcel = workshop(account, tmp_path / "cache").parcel(wanted("windows/amd64", total, f"{MODULE}/v2", "kit"))
    assert (parcel.packed.parent / "kit.exe").exists()


PLAY = """
- hosts: all
  gather_facts: false
  connection: local
  environment: {HOME: "{{ home }}/{{ inventory_hostname }}"}
  tasks:
    - gopherops.workstation.go_tools:
        go: "{{ go }}"
        delivery: "{{ delivery }}"
        lock: "{{ lock }}"
        lock_update: "{{ update | default(false) }}"
        environment: "{{ environment_of_builds }}"
        tools: [{name: tools.example.test/kit/cmd/x, version: latest}]
"""


def play(account: Account, tmp_path: Path, *words: str, hosts: str = "a,b,", **variables: Any) -> tuple[int, str, Any]:
    """Exit status, text, and the module's result for each host."""
    (tmp_path / "play.yml").write_text(PLAY)
    variables = {
        "home": str(tmp_path), "go": account.go, "lock": str(tmp_path / "tools.lock.yml"), "delivery": "controller",
        "environment_of_builds": account.environment, "ansible_python_interpreter": sys.executable, **variables,
    }  # fmt: skip
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", hosts, str(tmp_path / "play.yml"), *words]
    environment = {
        **os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.json",
        "XDG_CACHE_HOME": str(tmp_path / "controller"), "PATH": f"{Path(account.go).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    command += ["-e", json.dumps(variables)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
    text = done.stdout
    results = json.loads(text[text.index("{") :])["plays"][0]["tasks"][0]["hosts"] if "{" in text else {}
    return done.returncode, text + done.stderr, results


def test_two_hosts_get_one_build_and_the_team_a_lock(account: Account, shelf: Shelf, tmp_path: Path) -> None:
    """The whole way through ansible-playbook: predict, deliver, repeat, drift, renew; by itself, then by a fleet."""
    shelf.add("v1.0.0")
    status, text, predicted = play(account, tmp_path, "--check")
    assert status == 0 and not (tmp_path / "a" / "go").exists() and not (tmp_path / "tools.lock.yml").exists(), text
    status, text, real = play(account, tmp_path)
    assert status == 0, text
    assert [real[host]["changes"] for host in "ab"] == [predicted[host]["changes"] for host in "ab"]
    assert (tmp_path / "a/go/bin/x").read_bytes() == (tmp_path / "b/go/bin/x").read_bytes()
    assert shelf.asked.count(f"/{MODULE}/@v/v1.0.0.zip") == 1
    lock = (tmp_path / "tools.lock.yml").read_text()
    assert "asked: latest" in lock and "version: v1.0.0" in lock

    status, text, again = play(account, tmp_path)
    assert status == 0 and not any(again[host]["changed"] for host in "ab"), text

    shelf.add("v1.1.0")
    shutil.rmtree(tmp_path / "controller/gopherops.workstation/proxy")  # ten minutes later
    assert play(account, tmp_path)[2]["a"]["tools"][0]["version"] == "v1.0.0"
    status, text, _results = play(account, tmp_path, "--check", update=True)
    assert status != 0 and "it would change: x v1.0.0 -> v1.1.0" in text
    assert (tmp_path / "tools.lock.yml").read_text() == lock
    status, text, renewed = play(account, tmp_path, update=True, delivery="target")
    assert status == 0 and renewed["a"]["tools"][0]["version"] == "v1.1.0", text
    assert "version: v1.1.0" in (tmp_path / "tools.lock.yml").read_text()
    status, text, fleet = play(account, tmp_path, hosts="a,b,c,")
    assert status == 0 and [fleet[host]["changed"] for host in "abc"] == [False, False, True], text
    assert (tmp_path / "c/go/bin/x").read_bytes() == (tmp_path / "a/go/bin/x").read_bytes()
