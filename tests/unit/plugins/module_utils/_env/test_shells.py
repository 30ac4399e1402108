"""Real shells, started in every way that matters, find the same go and the same variables."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from test_env_run import BASHRC, go_env  # type: ignore[import-not-found]  # found beside this file by pytest

SYSTEM = "/usr/local/bin:/usr/bin:/bin"
ASK = "command -v go; echo $GODEBUG; echo $PATH"
FISH = "command -v go; echo $GODEBUG; string join : $PATH"
STARTS = {
    "bash login": ["bash", "-lc", ASK],
    "bash interactive": ["bash", "-ic", ASK],
    "bash login interactive": ["bash", "-lic", ASK],
    "dash login": ["dash", "-lc", ASK],
    "sh login": ["sh", "-lc", ASK],
    "zsh": ["zsh", "-c", ASK],
    "zsh login": ["zsh", "-lc", ASK],
    "zsh interactive": ["zsh", "-ic", ASK],
    "fish": ["fish", "-c", FISH],
    "fish login": ["fish", "-lc", FISH],
    "fish interactive": ["fish", "-ic", FISH],
}
ODD = 'it\'s a $value \\ with "quotes" `and` more'


def start(home: Path, *command: str, **more: str) -> list[str]:
    """What a shell prints, started with the short environment that sshd or a desktop gives."""
    env = {"HOME": str(home), "PATH": SYSTEM, "USER": "dev", "TERM": "dumb", **more}
    done = subprocess.run(
        command, env=env, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    complaints = [
        line
        for line in done.stderr.splitlines()
        if "job control" not in line and "terminal process group" not in line and "tty" not in line
    ]
    assert (done.returncode, complaints) == (0, [])
    return done.stdout.splitlines()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "dev with space"
    for folder in ("sdk/go/bin", "go/bin", "old/bin"):
        (place / folder).mkdir(parents=True)
        program = place / folder / "go"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    (place / ".bashrc").write_bytes(BASHRC)
    (place / ".profile").write_text(
        'if [ -n "$BASH_VERSION" ]; then . "$HOME/.bashrc"; fi\nPATH="$HOME/old/bin:$PATH"\n'
    )
    return place


@pytest.mark.parametrize("how", STARTS)
def test_every_start_of_every_shell_resolves_the_same(home: Path, how: str) -> None:
    if shutil.which(STARTS[how][0]) is None:
        pytest.skip(f"{STARTS[how][0]} is not on this machine")
    go_env(home, environment={"GODEBUG": ODD}, path=["~/sdk/go/bin", "~/go/bin"])
    found = start(home, *STARTS[how])
    assert found[0] == f"{home}/sdk/go/bin/go"
    assert found[1] == (ODD if "fish" in how or "zsh" in how else " ".join(ODD.split()))
    assert found[2].split(":")[:2] == [f"{home}/sdk/go/bin", f"{home}/go/bin"]


def test_a_directory_outside_the_home_is_taken_as_it_is(home: Path) -> None:
    go_env(home, path=["/opt/go/bin", "~/go/bin"])
    assert start(home, "dash", "-lc", "echo $PATH")[0].split(":")[:2] == ["/opt/go/bin", f"{home}/go/bin"]


@pytest.mark.parametrize("how", ["bash interactive", "bash login interactive", "zsh interactive", "fish interactive"])
def test_nested_shells_do_not_grow_path(home: Path, how: str) -> None:
    if shutil.which(STARTS[how][0]) is None:
        pytest.skip(f"{STARTS[how][0]} is not on this machine")
    go_env(home)
    once = start(home, *STARTS[how])[-1]
    twice = start(home, *STARTS[how], PATH=once)[-1]
    thrice = start(home, *STARTS[how], PATH=twice)[-1]
    assert once == twice == thrice
    assert len(once.split(":")) == len(set(once.split(":")))


def test_a_path_that_is_empty_odd_or_already_right_stays_a_path(home: Path) -> None:
    go_env(home)
    file = str(home / ".config" / "gopherops" / "env.sh")
    ours = [f"{home}/sdk/go/bin", f"{home}/go/bin"]
    for before, after in [
        ("/usr/bin:/bin", [*ours, "/usr/bin", "/bin"]),
        (f"/usr/bin:{ours[1]}:/bin:{ours[0]}:{ours[0]}", [*ours, "/usr/bin", "/bin"]),
        (f"{ours[0]}x:/bin", [*ours, f"{ours[0]}x", "/bin"]),
        ("/a b:/bin::", [*ours, "/a b", "/bin", "", ""]),
    ]:
        for shell in filter(shutil.which, ("dash", "bash", "zsh")):
            done = subprocess.run(
                [shutil.which(shell) or shell, "-euc", '. "$1"; printf %s "$PATH"', "x", file],
                env={"PATH": before, "HOME": str(home), "ZDOTDIR": "/nonexistent"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout.split(":") == after, shell


def test_the_managed_file_leaves_nothing_behind_in_the_shell(home: Path) -> None:
    go_env(home)
    script = '. "$HOME/.config/gopherops/env.sh"; set | grep -i gopherops_ || true'
    assert start(home, "dash", "-c", script) == []


def test_a_switched_off_line_leaves_every_file_valid(home: Path) -> None:
    (home / ".bashrc").write_text("if true; then\n  export GOROOT=/x\nfi\n")
    (home / ".config" / "fish").mkdir(parents=True)
    (home / ".config" / "fish" / "config.fish").write_text("if true\n    set -gx GOROOT /x\nend\n")
    (home / ".zshrc").write_text("if true; then\n  export GOROOT=/x\nfi\n")
    go_env(home, unset=["GOROOT"])
    for how in ("bash interactive", "zsh interactive", "fish interactive"):
        command = [*STARTS[how][:-1], 'echo "<$GOROOT>"']
        if shutil.which(command[0]):
            assert start(home, *command) == ["<>"], how


def test_environment_d_means_what_systemd_reads(home: Path) -> None:
    generator = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"
    if not os.path.exists(generator):
        pytest.skip("no systemd on this machine to read environment.d")
    go_env(home, shells=["systemd"], environment={"GODEBUG": ODD})
    quoted = "\n".join(start(home, generator))
    read = start(home, "/bin/sh", "-c", quoted + '\nprintf "%s\\n" "$PATH" "$GODEBUG"')
    assert read == [f"{home}/sdk/go/bin:{home}/go/bin:{SYSTEM}", ODD]
