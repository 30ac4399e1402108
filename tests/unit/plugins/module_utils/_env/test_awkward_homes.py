"""go_env where a home is not as homes are: read-only, or with an rc file of 10 MB that is no text."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from test_env_run import go_env, tree  # type: ignore[import-not-found]  # found beside this file by pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._env._files import Edit, Files
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

NAMESPACE = ["unshare", "--mount", "--map-root-user"]
ORDERS = """
import json, sys
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[1])
from test_env_run import go_env
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
try:
    print(json.dumps(go_env(Path(sys.argv[2]), **json.loads(sys.argv[3]))))
except WorkstationError as error:
    print(json.dumps(error.as_failure()))
"""


def on_read_only(home: Path, **options: Any) -> dict[str, Any]:
    """The module's half in a mount namespace of its own, where the home is on a read-only filesystem."""
    if shutil.which("unshare") is None or subprocess.run([*NAMESPACE, "true"], check=False).returncode:
        pytest.skip("no mount namespaces on this machine")
    mounted = 'mount --bind "$3" "$3" && mount -o remount,bind,ro "$3" && exec "$0" -c "$1" "$2" "$3" "$4"'
    here = Path(__file__).resolve()
    paths = [str(here.parents[5] / "collections"), str(here.parent), *sys.path]
    words = [sys.executable, ORDERS, json.dumps(paths), str(home), json.dumps(options)]
    done = subprocess.run([*NAMESPACE, "sh", "-c", mounted, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("check", [False, True])
def test_a_read_only_home_is_refused_before_the_first_write(tmp_path: Path, check: bool) -> None:
    home = tmp_path / "dev"
    home.mkdir()
    (home / ".bashrc").write_bytes(b"umask 022\n")
    before = tree(home)
    result = on_read_only(home, check=check, variables={"GOPROXY": "off"})
    assert result["failed"] and "read-only file system" in result["msg"] and str(home) in result["msg"]
    assert tree(home) == before


def test_a_read_only_home_that_is_right_is_no_failure(tmp_path: Path) -> None:
    home = tmp_path / "dev"
    home.mkdir()
    done = go_env(home, variables={"GOPROXY": "off"})
    result = on_read_only(home, variables={"GOPROXY": "off"})
    assert (result["changed"], result["env"]["variables"]) == (False, done["env"]["variables"])
    assert "read-only file system" in on_read_only(home, state="absent")["msg"]


def test_ten_megabytes_that_are_no_text_keep_every_byte(tmp_path: Path) -> None:
    home = tmp_path / "dev"
    home.mkdir()
    chance = random.Random(1)
    lines = [b"alias \xe9%d='\xff\xfe'\n" % number for number in range(480_000)] + [chance.randbytes(1 << 20)]
    # The last line makes the reader of assignments read all of it.
    lines.append(b"\nexport PATH=$PATH:/x\n")
    data = b"export GOROOT=/x\n" + b"".join(lines)
    assert len(data) > 9 << 20
    (home / ".bashrc").write_bytes(data)
    started = time.process_time()
    result = go_env(home, unset=["GOROOT"])
    assert time.process_time() - started < 120
    now = (home / ".bashrc").read_bytes()
    assert len(data) < len(now) < len(data) + 300
    assert data[17:] in now and result["changed"]
    assert go_env(home, unset=["GOROOT"])["changed"] is False
    go_env(home, state="absent")
    assert (home / ".bashrc").read_bytes() == data
    assert os.listdir(home) == [".bashrc"]


@pytest.mark.parametrize("call", ["mkdir", "unlink"])
def test_what_turns_out_not_to_be_writable_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """The check before the first write cannot see everything: attributes, quotas, another program."""
    (tmp_path / "old").write_text("x")
    files = Files()
    files.want(Edit(str(tmp_path / "old"), b"x", None, "x"))
    files.want(Edit(str(tmp_path / "new" / "file"), None, b"x", "x"))
    files.check()

    def refuse(path: str, *_mode: int) -> None:
        raise PermissionError(1, "Operation not permitted", path)

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(WorkstationError, match=r"Cannot write file '.*': Operation not permitted\. Make it writable"):
        files.apply()
