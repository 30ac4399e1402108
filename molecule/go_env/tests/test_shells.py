"""Every shell of every host, really started, finds the same go and the same variables; then nothing is left."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = os.environ["MOLECULE_PROJECT_DIRECTORY"]
sys.path.insert(0, f"{PROJECT}/molecule/shared")

from listing import difference, play, podman  # type: ignore[import-not-found]  # noqa: E402

SCENARIO = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
PREFIX = f"gopherops-{hashlib.sha1(PROJECT.encode()).hexdigest()[:6]}-go_env-"
GROUPS = yaml.safe_load((SCENARIO / "inventory" / "hosts.yml").read_text(encoding="utf-8"))
USERS = ("dev", "admin", "gopher")
# What fish makes by itself at its first interactive start, the directories and the example since its version 4.
FISH = (
    "",
    "/fish",
    *(f"/fish/{name}" for name in ("fish_variables", "config.fish", "completions", "conf.d", "functions")),
)
HOSTS = [*GROUPS["accounts"]["hosts"], *GROUPS["machines"]["hosts"]]

# Prints one line of JSON for each way to start a shell: what it is, the go it finds, GODEBUG, and PATH.
ASK = r"""
user=$1
say='printf "%s|%s|%s\n" "$(command -v go)" "$GODEBUG" "$PATH"'
fish_say='printf "%s|%s|%s\n" (command -v go) "$GODEBUG" (string join : $PATH)'
as() { setpriv --reuid "$user" --regid "$user" --init-groups env -i HOME="/home/$user" USER="$user" TERM=dumb \
    PATH=/usr/local/bin:/usr/bin:/bin "$@"; }
try() { way=$1; shift; printf '%s|%s\n' "$way" "$("$@" 2>/tmp/complaint </dev/null | tail -n 1)"; grep -v \
    -e 'job control' -e 'terminal process group' /tmp/complaint | sed "s/^/complaint $way|/"; }
cd /
try 'bash -lc' as bash -lc "$say"
try 'bash -ic' as bash -ic "$say"
try 'bash -lic' as bash -lic "$say"
try 'dash -lc' as dash -lc "$say"
try 'sh -lc' as sh -lc "$say"
try 'zsh -c' as zsh -c "$say"
try 'zsh -lc' as zsh -lc "$say"
try 'zsh -lic' as zsh -lic "$say"
try 'fish -c' as fish -c "$fish_say"
try 'fish -lc' as fish -lc "$fish_say"
try 'fish -ic' as fish -ic "$fish_say"
try 'nested bash in zsh in bash' as bash -lc "zsh -ic 'bash -ic '\''$say'\'''"
pgrep -x sshd >/dev/null || { mkdir -p /run/sshd && /usr/sbin/sshd; }
umask 077
mkdir -p "/home/$user/.ssh"
test -e /root/.test_key || ssh-keygen -q -t ed25519 -N '' -f /root/.test_key
cat /root/.test_key.pub >> "/home/$user/.ssh/authorized_keys"
chown -R "$user:$user" "/home/$user/.ssh"
for shell in bash zsh fish dash; do
    usermod --shell "$(command -v $shell)" "$user" >/dev/null
    test $shell = fish && asked=$fish_say || asked=$say
    try "su - ($shell)" su - "$user" -c "$asked"
    # A dash that sshd starts for a command reads no file at all.
    test $shell = dash ||
        try "ssh command ($shell)" ssh -qi /root/.test_key -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null "$user@127.0.0.1" "$asked"
done
usermod --shell /bin/bash "$user" >/dev/null
generator=/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator
test -x $generator && try 'environment.d' as sh -c "eval \"\$($generator | sed 's/^/export /')\"; $say" || true
"""


def variables(host: str) -> dict[str, str]:
    group = GROUPS["accounts" if host in GROUPS["accounts"]["hosts"] else "machines"]
    return {**group["vars"], **group["hosts"][host]}


@pytest.mark.parametrize("host", HOSTS)
def test_every_way_to_start_a_shell_finds_the_same(host: str) -> None:
    root = variables(host)["go_root"]
    # In scope machine also an account that nobody provisioned.
    for user in ["dev"] if "account" in host else ["admin", "gopher"]:
        answers = podman("exec", "-i", "--user", "root", PREFIX + host, "sh", "-s", user, script=ASK).splitlines()
        assert [line for line in answers if "|" not in line] == []
        found = dict(line.split("|", 1) for line in answers)
        wrong = {
            way: answer
            for way, answer in found.items()
            if not answer.startswith(f"{root}/bin/go|http2client=0|{root}/bin:/home/{user}/go/bin:")
            or len(set(answer.split("|")[2].split(":"))) != len(answer.split("|")[2].split(":"))
        }
        assert wrong == {}
        assert len(found) >= 19


@pytest.mark.parametrize("host", HOSTS)
def test_go_reads_what_was_written(host: str) -> None:
    home = "/home/dev" if "account" in host else "/home/admin"
    assert podman("exec", PREFIX + host, "cat", f"{home}/.config/go/env") == "GOPRIVATE=git.example.com\n"
    if "machine" in host:
        assert podman("exec", PREFIX + host, "cat", "/usr/local/go/go.env") == (
            "# BEGIN gopherops.workstation\nGOTOOLCHAIN=local\n# END gopherops.workstation\n# shipped\n"
        )


def test_absent_leaves_every_host_as_the_image_is() -> None:
    play("go_env", "go_env", go_env_state="absent")
    # The stand-in for a Go, and what the shells that the tests started keep of their own.
    stands = ("*/sdk", "./usr/local/go", "./home/*/.cache", "./home/*/.local")
    fish = {f"./home/{user}/.config{name}" for user in USERS for name in FISH}
    for host in HOSTS:
        lines = difference(PREFIX + host, variables(host)["container_image"], stands)
        assert [line for line in lines if line.split()[0] not in fish] == [], host
