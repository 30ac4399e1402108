"""Places are where a real go says they are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._caches._places import VARIABLES, Account, resolve
from ansible_collections.gopherops.workstation.plugins.module_utils._envfile import parse
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

GO = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")


def account(home: str = "/home/dev", environ: dict[str, str] | None = None, file: bytes = b"") -> Account:
    return Account("dev", 1000, 1000, home, "Linux", environ or {}, parse(file))


@pytest.mark.parametrize(
    ("environ", "file"),
    [
        ({}, b""),
        ({"GOPATH": "/a:/b"}, b"GOPATH=/c\nGOBIN=/bin-of-file\n"),
        ({"XDG_CACHE_HOME": "/xdg"}, b"GOMODCACHE=/m\n"),
        ({"GOCACHE": "", "XDG_CACHE_HOME": "relative"}, b"GOCACHE=/c\nGOTMPDIR=/t\n"),
    ],
)
def test_as_go_env_says(tmp_path: Path, environ: dict[str, str], file: bytes) -> None:
    if GO is None:
        pytest.skip("no go on this machine")
    (tmp_path / ".config" / "go").mkdir(parents=True)
    (tmp_path / ".config" / "go" / "env").write_bytes(file)
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "GOTOOLCHAIN": "local", "GOENV": "", **environ}
    if environ.get("XDG_CACHE_HOME") == "relative":
        env.pop("XDG_CACHE_HOME")  # Go refuses it where GOCACHE is not set; we use the default
    asked = [GO, "env", "-json", "GOPATH", "GOCACHE", "GOMODCACHE", "GOBIN"]
    done = subprocess.run(asked, env=env, cwd=tmp_path, capture_output=True, check=True)
    said = json.loads(done.stdout)
    for place in resolve(["gopath", "gocache", "gomodcache", "gobin"], {}, account(str(tmp_path), environ, file)):
        expected = said[VARIABLES[place.name]].split(":")[0]
        if place.name == "gobin" and not expected:  # Go 1.26 says nothing where the default holds
            expected = said["GOPATH"].split(":")[0] + "/bin"
        assert place.path == expected, place.name


@pytest.mark.parametrize(
    ("paths", "cause"),
    [
        ({"gocache": "/home/dev"}, "whole home"),
        ({"gocache": "/home"}, "whole home"),
        ({"gocache": "/"}, "whole home"),
        ({"gocache": "/srv"}, "directory of the system"),
        ({"gocache": "/home/dev/x/.."}, "whole home"),
    ],
)
def test_a_place_that_holds_more_than_a_cache_is_refused(paths: dict[str, str], cause: str) -> None:
    with pytest.raises(WorkstationError, match=cause):
        resolve(["gocache"], paths, account())


def test_a_relative_value_is_refused() -> None:
    with pytest.raises(WorkstationError, match="not absolute"):
        resolve(["gocache"], {}, account(file=b"GOCACHE=off\n"))
