"""Go's rules on the controller, each compared with the real ``go env -w``."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils import _env_rules

GO = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
REFUSED = [
    ("GOMOD", "x"),
    ("GODEBUG", "x"),
    ("GOENV", "/x"),
    ("GONOSUCH", "x"),
    ("gopath", "/x"),
    ("GO111MODULE", "yes"),
    ("GOPATH", "~/go"),
    ("GOPATH", "go"),
    ("GOMODCACHE", "mod"),
    ("GOTMPDIR", "tmp"),
    ("CC", "'gcc"),
    ("CC", "  "),
    ("CXX", "bin/g++"),
    ("GOFLAGS", "a\nb"),
    ("GOPROXY", "a\x0bb"),
    ("GOOS", "lunix"),
    ("GOARCH", "amd46"),
    ("GOEXPERIMENT", "workfile"),
]
TAKEN = [
    ("GOPATH", "/x:/y"),
    ("GOPATH", ""),
    ("GO111MODULE", "auto"),
    ("CC", "gcc -m64"),
    ("CC", "'/opt/my cc' -x"),
    ("GOFLAGS", "-mod=mod '-ldflags=-s -w'"),
    ("GOPRIVATE", "git.example.com,*.corp"),
    ("GOEXPERIMENT", "nogreenteagc"),
    ("GOAUTH", "off"),
    ("CGO_ENABLED", "0"),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_go_refuses_is_refused_with_gos_reason(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(WorkstationError) as refused:
        _env_rules.check_variables({name: value}, windows=False)
    if GO is None:
        pytest.skip("no go on this machine to compare with")
    env = {**os.environ, "GOENV": str(tmp_path / "env"), "GOTOOLCHAIN": "local"}
    done = subprocess.run([GO, "env", "-w", f"{name}={value}"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    reason = done.stderr.strip().removeprefix("go: ")
    if name in {"GOOS", "GOARCH"}:
        # Go names its own platform as the other half of the pair; the controller does not know the target's.
        reason = "unsupported GOOS/GOARCH pair"
    assert reason in str(refused.value)


@pytest.mark.parametrize(("name", "value"), TAKEN)
def test_what_go_takes_is_taken(name: str, value: str, tmp_path: Path) -> None:
    assert _env_rules.check_variables({name: value}, windows=False) == {name: value}
    if GO is None:
        pytest.skip("no go on this machine to compare with")
    env = {**os.environ, "GOENV": str(tmp_path / "env"), "GOTOOLCHAIN": "local"}
    subprocess.run([GO, "env", "-w", f"{name}={value}"], env=env, capture_output=True, check=True)


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("GOROOT", "/usr/lib/go", "go finds its own root"),
        ("GOSUMDB", "off", "any proxy can hand out any code"),
        ("GOPRIVATE", "git.example.com,*", "every module"),
        ("GONOSUMDB", "*", "every module"),
        ("GOBIN", "~/bin", "GOBIN must be an absolute path"),
        ("GOCACHE", "cache", "GOCACHE is not an absolute path"),
        ("GOFLAGS", "mod=mod", 'non-flag "mod=mod"'),
        ("GO111MODULE", True, "boolean true"),
        ("GOAMD64", 1.20, "number 1.2"),
        ("GOPROXY", None, "no text"),
        ("GOPROXY", ["a"], "no text"),
    ],
)
def test_what_go_takes_and_harms_is_refused_too(name: str, value: object, cause: str) -> None:
    with pytest.raises(WorkstationError, match=cause):
        _env_rules.check_variables({name: value}, windows=False)


@pytest.mark.parametrize(("name", "way"), [("GODEBUGG", "Check the spelling"), ("GOENV", "Use option environment")])
def test_a_name_that_go_does_not_take_is_refused_with_the_way_out(name: str, way: str) -> None:
    with pytest.raises(WorkstationError, match=f"{way}.*; nothing was changed"):
        _env_rules.check_variables({name: "1"}, windows=False)


def test_absolute_means_absolute_on_the_target() -> None:
    assert _env_rules.check_variables({"GOBIN": r"C:\go\bin"}, windows=True)
    for value in ("/go/bin", r"\go\bin", "C:go"):
        with pytest.raises(WorkstationError):
            _env_rules.check_variables({"GOBIN": value}, windows=True)
    with pytest.raises(WorkstationError):
        _env_rules.check_variables({"GOBIN": r"C:\go\bin"}, windows=False)


@pytest.mark.parametrize(
    ("environment", "cause"),
    [
        ({"PATH": "/x"}, "option path"),
        ({"A-B": "1"}, "letters"),
        ({"A": "1\n2"}, "one line"),
        ({"GOROOT": "/x"}, "root"),
    ],
)
def test_environment_is_checked(environment: dict[str, str], cause: str) -> None:
    with pytest.raises(WorkstationError, match=cause):
        _env_rules.check_environment(environment)


def test_path_is_absolute_once_and_in_order() -> None:
    assert _env_rules.check_path(["/b", "~/a", "/b"], windows=False) == ["/b", "~/a"]
    for wrong in ("bin", "/a:/b", "~other/bin", "$HOME/bin"):
        with pytest.raises(WorkstationError):
            _env_rules.check_path([wrong], windows=False)


def test_the_same_name_cannot_be_set_and_unset() -> None:
    options = {"variables": {"GOFLAGS": "-v"}, "environment": {}, "path": [], "unset": ["GOFLAGS"]}
    with pytest.raises(WorkstationError, match="option unset too"):
        _env_rules.check_options(options, windows=False)
