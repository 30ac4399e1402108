# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the examples left behind is what their pages promise: asked of the machine and of files, not of the modules."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from _stage import SETTINGS, Ran  # type: ignore[import-not-found]
from docsite import catalogue

# By module, a command in a login shell of ada and what it says.
ON_THE_HOST = {
    "fleet_snapshot": ("go env GOPRIVATE", r"git\.example\.com"),
    "go_caches": (
        "stat -c '%G %a' /srv/go/mod; ls /data/ada/mod/cache; find ~/go ~/.cache -user root",
        r"gophers 2770\ndownload.*",
    ),
    "go_env": (
        "command -v go; go env GOTOOLCHAIN GOPROXY GOEXPERIMENT",
        r"/home/ada/sdk/go/bin/go\nlocal\nhttps://proxy\.golang\.org,direct",
    ),
    "go_network": ("stat -c %a ~/.netrc; grep -c s3cret-token ~/.netrc", r"600\n1"),
    "go_sdk": (
        "~/sdk/go/bin/go version; ls -d ~/sdk/go1*; /usr/local/go/bin/go version",
        r"go version go1\.27\.\d+ .*\n/home/ada/sdk/go1\.26\.\d+\n/home/ada/sdk/go1\.27\.\d+\ngo version go1\.27\.4 .*",
    ),
    "go_tools": (
        "cd ~/go/bin && go version -m gopls dlv stringer | awk '$1 == \"path\" {print $2}'",
        "golang.org/x/tools/gopls\ngithub.com/go-delve/delve/cmd/dlv\ngolang.org/x/tools/cmd/stringer",
    ),
    "jsonc_merge": (
        "cat /srv/app/tsconfig.json",
        r'(?s).*// what the browsers of our customers know.*"strict": true.*',
    ),
    "vscode_extension": (
        "ls -d ~/.vscode/extensions/*/ ~/.vscode-server/extensions/*/ 2> /dev/null",
        "/home/ada/.vscode/extensions/golang.go-0.56.0/",
    ),
    "vscode_settings": (
        "cat ~/src/project/.vscode/settings.json ~/.config/Code/User/settings.json",
        r'(?s).*"formatting\.gofumpt": true.*"workbench\.colorTheme": "Default Dark Modern".*"gopls".*',
    ),
    "wsl_conf": (
        "cat /etc/wsl.conf",
        r'(?s).*\[automount\]\s+options *= *"?metadata"?.*\[boot\]\s+systemd *= *true.*'
        r"\[interop\]\s+appendWindowsPath *= *false.*",
    ),
}


def ada(ran: Ran, command: str) -> str:
    return str(ran.container.run("bash", "-lc", command, user="ada").stdout).strip()


@pytest.mark.parametrize("module", ON_THE_HOST)
def test_the_machine_is_as_the_page_says(ran: Ran, module: str) -> None:
    command, said = ON_THE_HOST[module]
    assert re.fullmatch(said, ada(ran, command)), ada(ran, command)


def test_bundle(ran: Ran) -> None:
    """A release and gopls, their sums, and a signature over those."""
    lines = (ran.folder / "bundle" / "SHA256SUMS").read_text().splitlines()
    sums = {name: total for total, name in (line.split("  ") for line in lines)}
    assert {hashlib.sha256((ran.folder / "bundle" / name).read_bytes()).hexdigest() == sums[name] for name in sums} == {
        True
    }
    assert [name for name in sums if name.endswith(".linux-amd64.archive")] != []
    assert [name for name in sums if name.endswith("/gopls")] != []
    assert (ran.folder / "bundle" / "SHA256SUMS.sig").read_text().startswith("-----BEGIN SSH SIGNATURE-----")


def test_fleet(ran: Ran) -> None:
    events = [json.loads(line) for line in (ran.folder / "fleet/autumn/state.jsonl").read_text().splitlines()]
    assert [event["verdict"] for event in events if event["kind"] == "gate"] != []


def test_go_doctor_and_go_doctor_overview(ran: Ran) -> None:
    """The first example proves the machine, and the page for the team shows it."""
    [first] = ran.results["go_doctor: Is this machine fit for Go?"]
    assert first["functional"]["passed"] is True and first["healthy"] is True
    assert "laptop" in (ran.folder / "team.html").read_text()


def test_go_info_and_go_release_name_the_go_that_answers(ran: Ran) -> None:
    version = ada(ran, "~/sdk/go/bin/go env GOVERSION").removeprefix("go")
    [told] = ran.results["go_info: Show which Go the editor uses"]
    assert told["msg"] == f"/home/ada/sdk/go/bin/go is go{version}"
    [newest] = ran.results["go_release: Show the newest Go"]
    assert newest["msg"] == version
    [shown] = ran.results["go_release: Fetch a release for an air-gapped mirror"]
    assert shown["msg"]["url"].endswith("/go1.26.6.darwin-arm64.tar.gz")
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", shown["msg"]["checksum"])


def test_go_network_made_the_machine_trust_the_authority(ran: Ran) -> None:
    body = (ran.folder / "files" / "example-root.pem").read_text().splitlines()[1]
    assert ada(ran, f"grep -c '{body}' /etc/ssl/certs/ca-certificates.crt") == "1"


def test_host_info_says_what_this_is(ran: Ran) -> None:
    [told] = ran.results["host_info: Say it"]
    assert told["msg"].startswith("linux because ")


def test_jsonc_keeps_what_the_repository_says(ran: Ran) -> None:
    assert '"editor.insertSpaces": false' in SETTINGS
    assert '"editor.insertSpaces": false' in ada(ran, "cat ~/.config/Code/User/settings.json")


def test_verdict_is_said(ran: Ran) -> None:
    assert "alice" in ran.text[: ran.text.rfind("\n{\n")]


def test_every_module_is_looked_at() -> None:
    tests = [name for name in globals() if name.startswith("test_")]
    seen = [name for name in catalogue.documents() if name in ON_THE_HOST or any(name in test for test in tests)]
    assert set(catalogue.documents()) - set(seen) == set()
