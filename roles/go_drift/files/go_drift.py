# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks whether this machine has drifted from a signed release of its configuration, and mends it when that is wanted.

Standard library only, Python 3.9 or later: it runs from a timer on the developer's own machine, as the developer.
Trust comes from the signature of a tag, not from the server: the tag is fetched into a bare mirror, verified with the
allowed signers, compared with the commit that it stood for before, and only then ansible-pull runs it, from the mirror.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import fcntl
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

SCHEMA = 1
FETCH_SECONDS = 300
FIRST_WAIT, LONGEST_WAIT = 3600, 7 * 24 * 3600
# Of a hostile repository only data is wanted: no hooks, no file transport tricks, no question at a terminal.
QUIET_GIT = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1", "GIT_ASKPASS": "/bin/true", "LC_ALL": "C.UTF-8"}


class RefusalError(Exception):
    """Why nothing was run; ``status`` is the word for machines."""

    def __init__(self, status: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Drift:
    """One visit."""

    def __init__(self, config: dict[str, Any], *, now: bool = False) -> None:
        self.config, self.at_once = config, now
        self.folder = os.path.expanduser(config["state_dir"])
        self.mirror = os.path.join(self.folder, "mirror.git")
        os.makedirs(self.folder, mode=0o700, exist_ok=True)

    def visit(self) -> dict[str, Any]:
        """Everything, under one lock; always a result, never an exception for what the world can do to us."""
        with open(os.path.join(self.folder, "lock"), "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return {"status": "busy", "reason": "another visit is under way"}
            memory = self._memory()
            try:
                self._conditions(memory)
                commit = self._verified(memory)
                result = self._run(commit)
            except RefusalError as refusal:
                result = {"status": refusal.status, "reason": str(refusal)}
            if result["status"] in ("battery", "waiting"):
                return result
            self._remember(memory, result)
            return result

    def _memory(self) -> dict[str, Any]:
        try:
            with open(os.path.join(self.folder, "memory.json"), encoding="utf-8") as stream:
                return dict(json.load(stream))
        except (OSError, ValueError):
            return {}

    def _conditions(self, memory: dict[str, Any]) -> None:
        if self.at_once:
            return
        if time.time() < memory.get("not_before", 0):
            until = datetime.datetime.fromtimestamp(memory["not_before"]).isoformat(timespec="minutes")
            raise RefusalError("waiting", f"after {memory['failures']} failures in a row the next try is at {until}")
        if self.config["on_battery"] is False and on_battery():
            raise RefusalError("battery", "the machine runs on its battery")
        time.sleep(random.SystemRandom().uniform(0, self.config["jitter"]))

    def _git(self, *words: str, seconds: int = 60) -> subprocess.CompletedProcess[str]:
        command = ["git", "-C", self.mirror, "-c", "core.hooksPath=/dev/null", *words]
        env = {**os.environ, **QUIET_GIT}
        return subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False
        )

    def _verified(self, memory: dict[str, Any]) -> str:
        """The commit behind the tag, when everything about it is as it must be."""
        tag = self.config["tag"]
        self._fetch(tag)
        ref = f"refs/tags/{tag}"
        if self._git("cat-file", "-t", ref).stdout.strip() != "tag":
            raise RefusalError("unsigned", f"tag '{tag}' is no annotated tag, so it carries no signature")
        signers = os.path.join(self.folder, "allowed_signers")
        with open(signers, "w", encoding="utf-8") as stream:
            stream.write("\n".join(self.config["allowed_signers"]) + "\n")
        checked = self._git("-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-tag", ref)
        if checked.returncode:
            words = checked.stderr.strip().splitlines()
            status = "unsigned" if "no signature" in checked.stderr.lower() else "untrusted"
            raise RefusalError(
                status, f"tag '{tag}' was not signed by anybody who may: {words[-1] if words else 'no word'}"
            )
        # The signature covers the tag's own name: without this, an old signed tag could be served under a new name.
        body = self._git("cat-file", "tag", ref).stdout
        if f"\ntag {tag}\n" not in body:
            raise RefusalError("untrusted", f"what is served as tag '{tag}' was signed under another name")
        commit = self._git("rev-parse", f"{ref}^{{commit}}").stdout.strip()
        known = self.config.get("commit") or (memory.get("tags") or {}).get(tag)
        if known and commit != known:
            raise RefusalError("changed", f"tag '{tag}' stood for commit {known} and now stands for {commit}")
        memory.setdefault("tags", {})[tag] = commit
        return commit

    def _fetch(self, tag: str) -> None:
        if not os.path.isdir(self.mirror):
            subprocess.run(
                ["git", "init", "--quiet", "--bare", self.mirror], check=True, env={**os.environ, **QUIET_GIT}
            )
        try:
            refs = f"+refs/tags/{tag}:refs/tags/{tag}"
            done = self._git("fetch", "--quiet", "--no-tags", self.config["repository"], refs, seconds=FETCH_SECONDS)
        except subprocess.TimeoutExpired:
            raise RefusalError("unreachable", f"the repository did not answer within {FETCH_SECONDS} s") from None
        if done.returncode:
            words = (done.stderr.strip().splitlines() or ["git said nothing"])[-1]
            missing = "couldn't find remote ref" in done.stderr
            why = f"it has no tag '{tag}'" if missing else without_secret(words)
            raise RefusalError("unreachable", f"the repository could not be read: {why}")

    def _run(self, commit: str) -> dict[str, Any]:
        report = os.path.join(self.folder, "run.json")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(report)
        variables = {**self.config["variables"], "golang_dev_report_file": report}
        command = [
            self._ansible_pull(),
            *("--url", f"file://{self.mirror}", "--checkout", self.config["tag"], "--accept-host-key"),
            *("--directory", os.path.join(self.folder, "checkout"), "--clean", "--force"),
            *("--inventory", "localhost,", "--connection", "local", "--extra-vars", json.dumps(variables)),
            *(["--check"] if self.config["mode"] == "report" else []),
            self.config["playbook"],
        ]
        with open(os.path.join(self.folder, "run.log"), "w", encoding="utf-8") as log:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
        try:
            with open(report, encoding="utf-8") as stream:
                said = json.load(stream)
        except (OSError, ValueError):
            raise RefusalError(
                "failed", f"ansible-pull ended with status {done.returncode} and no report; see {log.name}"
            ) from None
        return {**verdict(said, done.returncode, self.config["mode"]), "commit": commit}

    def _ansible_pull(self) -> str:
        found = self.config["ansible_pull"] or shutil.which("ansible-pull", path=search_path())
        if not found or not os.access(os.path.expanduser(found), os.X_OK):
            raise RefusalError("failed", "ansible-pull is not installed; 'pipx install ansible-core' brings it")
        return os.path.expanduser(found)

    def _remember(self, memory: dict[str, Any], result: dict[str, Any]) -> None:
        """Write result and memory, wait longer after each failure, and tell who wants to know."""
        good = result["status"] in ("clean", "drifted", "repaired")
        memory["failures"] = 0 if good else memory.get("failures", 0) + 1
        wait = 0 if good else min(FIRST_WAIT * 2 ** (memory["failures"] - 1), LONGEST_WAIT)
        memory["not_before"] = time.time() + wait
        stamp = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        result.update({"schema": SCHEMA, "at": stamp, "host": os.uname().nodename, "mode": self.config["mode"]})
        result.update({"tag": self.config["tag"], "failures": memory["failures"]})
        write(os.path.join(self.folder, "memory.json"), memory)
        write(os.path.join(self.folder, "result.json"), result)
        self._tell(result)

    def _tell(self, result: dict[str, Any]) -> None:
        if self.config["syslog"] and shutil.which("logger"):
            line = f"{result['status']}: {result['reason']}"
            subprocess.run(["logger", "-t", "gopherops-drift", "--", line], check=False)
        if self.config["report_url"]:
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(self.config["report_url"], json.dumps(result).encode(), headers)
            try:
                with urllib.request.urlopen(request, timeout=20):
                    pass
            except (OSError, urllib.error.URLError) as error:
                print(f"The result could not be sent: {error}", file=sys.stderr)


def verdict(said: dict[str, Any], status: int, mode: str) -> dict[str, Any]:
    """From the run's own report to one word."""
    planned = [entry["path"] for entry in said.get("planned") or []]
    chores = said.get("to_do") or []
    facts = {"paths": planned[:200], "to_do": chores[:50], "passed": said.get("passed")}
    if said.get("failure") or (status and mode == "repair"):
        return {
            "status": "failed",
            "reason": said.get("failure") or f"ansible-pull ended with status {status}",
            **facts,
        }
    if mode == "repair":
        changed = any(line.get("state") == "changed" for line in said.get("lines") or [])
        words = f"{len(planned)} paths mended" if changed else "nothing has drifted"
        return {"status": "repaired" if changed else "clean", "reason": words, **facts}
    if planned:
        return {"status": "drifted", "reason": f"{len(planned)} paths are not as the release has them", **facts}
    return {"status": "clean", "reason": "nothing has drifted", **facts}


def on_battery() -> bool:
    """Whether no mains supply feeds this machine; a machine without any supply listed is fed."""
    if sys.platform == "darwin":
        said = subprocess.run(["pmset", "-g", "batt"], capture_output=True, text=True, check=False).stdout
        return "Battery Power" in said
    mains = []
    for supply in glob.glob("/sys/class/power_supply/*"):
        with contextlib.suppress(OSError):
            with open(os.path.join(supply, "type"), encoding="utf-8") as stream:
                if stream.read().strip() not in ("Mains", "USB"):
                    continue
            with open(os.path.join(supply, "online"), encoding="utf-8") as stream:
                mains.append(stream.read().strip() == "1")
    return bool(mains) and not any(mains)


def search_path() -> str:
    """A timer's PATH is short; where pipx and pip --user put programs is looked at too."""
    beside = os.path.dirname(sys.executable)
    return os.pathsep.join([beside, os.path.expanduser("~/.local/bin"), os.environ.get("PATH", os.defpath)])


def without_secret(text: str) -> str:
    """An address without its user and password."""
    head, mark, tail = text.partition("://")
    if not mark or "@" not in tail:
        return text
    return f"{head}://***@{tail.split('@', 1)[1]}"


def write(path: str, value: dict[str, Any]) -> None:
    """The old file or the new one."""
    part = f"{path}.part"
    with open(part, "w", encoding="utf-8") as stream:
        json.dump(value, stream, indent=1, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(part, path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config")
    parser.add_argument("--now", action="store_true", help="no jitter, no back-off, also on battery")
    arguments = parser.parse_args()
    with open(os.path.expanduser(arguments.config), encoding="utf-8") as stream:
        config = json.load(stream)
    result = Drift(config, now=arguments.now).visit()
    print(f"{result['status']}: {result['reason']}")
    return 0 if result["status"] in ("clean", "repaired", "drifted", "busy", "battery", "waiting") else 1


if __name__ == "__main__":
    sys.exit(main())
