"""go_info through Ansible: it leaves the home as it was, tells what it could find out, and keeps secrets."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import real_go
from conftest import Developer  # type: ignore[import-not-found]

SECRET = "s3cret-Zq7"
# The build cache; what gopls keeps for itself, its index of the module cache among it; and where both count their own
# use unless they were told not to.
MAY_GROW = (".cache/go-build/", ".cache/gopls/", ".cache/goimports/", ".config/go/telemetry/")


def snapshot(home: Path) -> dict[str, Any]:
    """Every entry with type, mode, owner, size, time of change, link and bytes."""
    seen = {}
    for folder, folders, files in os.walk(home):
        for path in (Path(folder, name) for name in [*folders, *files]):
            status = path.lstat()
            facts: list[Any] = [stat.filemode(status.st_mode), status.st_uid, status.st_gid, status.st_mtime_ns]
            if path.is_symlink():
                facts.append(os.readlink(path))
            elif path.is_file():
                facts += [status.st_size, hashlib.sha256(path.read_bytes()).hexdigest()]
            seen[str(path.relative_to(home))] = facts
    return seen


def difference(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def furnish(one: Developer) -> Path:
    """What a developer's home has: caches, settings, an editor's state, code under git."""
    one.write(".config/go/env", "GOPRIVATE=git.corp.example\n")
    one.write(".config/Code/User/settings.json", '{"go.lintTool": "golangci-lint"} // mine\n')
    one.write(".vscode/extensions/golang.go-0.56.0/package.json", '{"version": "0.56.0"}')
    for name in (".cache/go-build/00", ".cache/gopls", "go/pkg/mod/cache", "go/bin", "Documents"):
        (one.home / name).mkdir(parents=True)
    one.write("go/bin/gopls", "#!/bin/sh\nexit 1\n", 0o755)
    code: Path = one.home / "src" / "ws"
    one.write("src/ws/go.mod", "module example.com/ws\n\ngo 1.27\n")
    one.write("src/ws/main.go", 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(1) }\n')
    subprocess.run(["git", "init", "-q", str(code)], check=True)
    return code


def test_the_home_is_as_it_was_but_for_what_the_shell_writes(developer: Developer) -> None:
    code = furnish(developer)
    profile = developer.home / ".bash_profile"
    profile.write_text(profile.read_text() + "date +%s%N > ~/.last-login\n")
    shell = ["/bin/bash", "-l", "-i", "-c", "true"]
    subprocess.run(shell, env=developer.env(), check=False, capture_output=True, start_new_session=True)
    untouched = snapshot(developer.home)
    subprocess.run(shell, env=developer.env(), check=False, capture_output=True, start_new_session=True)
    by_shell = difference(untouched, snapshot(developer.home))
    assert ".last-login" in by_shell  # or this test would prove nothing about what it leaves out

    before = snapshot(developer.home)
    for network in (False, True):
        developer.environment["GOPROXY"] = "http://127.0.0.1:9"
        result = developer.run("go_info", workspaces=[str(code)], network=network)
        assert result["changed"] is False
        assert result["changes"] == []
    assert difference(before, snapshot(developer.home)) == by_shell

    info = result["info"]
    assert info["errors"] == {}
    assert info["go"]["version"] == f"go{real_go.VERSION}"
    assert info["env"]["login_shell"]["state"] == "ok"
    assert info["workspaces"][0]["mod"]["go"] == "1.27"
    assert info["network"]


def test_the_snapshot_sees_a_change(developer: Developer) -> None:
    """A comparison that misses changes would let the test above pass."""
    furnish(developer)
    before = snapshot(developer.home)
    (developer.home / "Documents" / "x").touch()
    (developer.home / "Documents" / "x").unlink()
    assert difference(before, snapshot(developer.home)) == {"Documents"}


def test_the_functional_check_lets_the_caches_grow_and_nothing_else(developer: Developer, gopls: Path) -> None:
    """In the user's own workspaces too: one is not tidy, one has a go.work without its sums."""
    code = furnish(developer)
    shutil.copy2(gopls, developer.home / "go" / "bin" / "gopls")
    developer.write(
        "src/ws/main.go", 'package main\nimport ("fmt"; "golang.org/x/text/width")\nfunc main() {fmt.Println(1)}\n'
    )
    developer.write("src/two/go.work", "go 1.27\n\nuse ./a\n")
    developer.write("src/two/a/go.mod", "module example.com/a\n\ngo 1.27\n")
    developer.write("src/two/a/a.go", 'package a\n\nimport "os"\n\nvar Name = os.Args[0]\n')
    temporary = developer.outside / "tmp"
    temporary.mkdir()
    developer.environment |= {"TMPDIR": str(temporary), "GOPROXY": "http://127.0.0.1:9"}
    before = snapshot(developer.home)
    workspaces = [str(code), str(developer.home / "src" / "two")]
    result = developer.run("go_doctor", workspaces=workspaces, fail=False)
    names = [step["name"] for step in result["functional"]["steps"] if step["ok"]]
    assert {f"{workspaces[1]}: definition", "test_cached", "definition", "rename", "exit"} <= set(names), result
    assert any(name.startswith(f"{code}: ") for name in names)
    grown = difference(before, snapshot(developer.home))
    assert any(name.startswith(".cache/go-build/") for name in grown)
    assert {name for name in grown if not f"{name}/".startswith(MAY_GROW)} <= {".cache", ".config/go"}
    assert set(before) <= set(snapshot(developer.home))
    assert list(temporary.iterdir()) == []


def test_a_read_only_home_is_looked_at_all_the_same(developer: Developer) -> None:
    """Nobody can write: then nothing was written, whatever the snapshot compares."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("only root can make a home read-only for root")
    code = furnish(developer)
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
    result = developer.run(
        "go_info", prefix=["unshare", "-m", "sh", "-c", script, "-", str(developer.home)], workspaces=[str(code)]
    )
    assert result["info"]["errors"] == {}
    assert result["info"]["dirs"]["GOCACHE"]["writable"] is False
    assert "Read-only" in result["info"]["dirs"]["GOCACHE"]["write_error"]


def test_what_hangs_is_left_out_and_the_rest_is_told(developer: Developer) -> None:
    """A login shell that never ends and a git that never answers."""
    code = furnish(developer)
    developer.write(".bash_profile", "sleep 600\n")
    developer.write("bin/git", "#!/bin/sh\nexec sleep 600\n", 0o755)
    go = developer.home / "sdk" / "go" / "bin" / "go"
    developer.environment["PATH"] = f"{developer.home}/bin:{os.environ['PATH']}"
    begin = time.monotonic()
    result = developer.run("go_info", go=str(go), workspaces=[str(code)])
    assert time.monotonic() - begin < 200
    info = result["info"]
    assert not result.get("failed")
    assert info["env"]["login_shell"]["state"] == "timeout"
    assert info["go"]["version"] == f"go{real_go.VERSION}"
    assert info["workspaces"][0]["mod"]["go"] == "1.27"
    assert info["dirs"]["GOCACHE"]["writable"] is True


def test_a_home_without_anything_is_told_as_such(developer: Developer) -> None:
    shutil.rmtree(developer.home / "sdk")
    (developer.home / ".bash_profile").write_text("export PATH=/usr/bin:/bin\n")
    info = developer.run("go_info")["info"]
    assert info["errors"] == {}
    assert info["tools"]["gopls"]["found"] == []


def test_no_secret_leaves_the_machine(developer: Developer) -> None:
    """In variables, in Go's env file, in settings, in git's configuration, in what programs print."""
    code = furnish(developer)
    address = f"https://me:{SECRET}@proxy.corp.example"
    developer.environment.update(AWS_SECRET_ACCESS_KEY=SECRET, GITHUB_TOKEN=SECRET)
    developer.write(
        ".bash_profile",
        'export PATH="$HOME/sdk/go/bin:$PATH"\n'
        f"export GOPROXY={address}/go,direct HTTPS_PROXY={address} https_proxy={address}\n"
        f"export NPM_TOKEN={SECRET} GOAUTH='netrc {SECRET}' GOFLAGS=-ldflags=-X=main.token={SECRET}\n"
        f"echo password={SECRET} >&2\n",
    )
    developer.write(".config/go/env", f"GOPROXY={address}/go\nGONOSUMDB=git.corp.example\n")
    settings = {
        "http.proxy": address,
        "go.toolsEnvVars": {"GOPROXY": address, "API_KEY": SECRET},
        "gopls": {"build.env": {"TOKEN": SECRET}},
        "github.token": SECRET,
    }
    developer.write(".config/Code/User/settings.json", json.dumps(settings))
    developer.write(".netrc", f"machine proxy.corp.example login me password {SECRET}\n", 0o600)
    developer.write(".git-credentials", f"{address}\n", 0o600)
    subprocess.run(["git", "-C", str(code), "remote", "add", "origin", f"{address}/x.git"], check=True)
    reports = {
        kind: str(developer.outside / f"report.{kind}") for kind in ("json", "html", "junit", "sarif", "markdown")
    }
    looked = developer.run("go_info", workspaces=[str(code)])
    judged = developer.run("go_doctor", workspaces=[str(code)], functional=False, fail=False, report=reports)
    assert looked["info"]["env"]["login"]["GOPROXY"] == "https://***@proxy.corp.example/go,direct"
    assert judged["findings"]
    for text in (json.dumps(looked), json.dumps(judged), *(Path(file).read_text() for file in reports.values())):
        assert SECRET not in text
