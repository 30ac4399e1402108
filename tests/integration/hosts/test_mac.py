"""What role macos does itself, on its twin: quarantine, stale signatures and limits, all told to the plan."""

from __future__ import annotations

import json
from typing import Any

from _hosts import Hosts, Run, role  # type: ignore[import-not-found]

STATE = "/private/var/db/twin/state.json"
GO, GOPLS = "/usr/local/sdk/go1/bin/go", "/Users/admin/go/bin/gopls"
PLIST = "/Library/LaunchDaemons/gopherops.maxfiles.plist"
WANTED = {"golang_dev_scope": "machine", "golang_dev_user": "admin", "macos_maxfiles": 65536}
# What the modules of a run would have verified.
VERIFIED = {
    "go_sdk_result": {"changed": False, "changes": [], "sdk": {"version": "1", "goroot": "/usr/local/sdk/go1"}},
    "go_tools_result": {"changed": False, "changes": [], "tools": [{"name": "gopls", "version": "1", "path": GOPLS}]},
}


def state(hosts: Hosts) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(hosts.shell("mac", f"cat {STATE}"))
    return loaded


def finish(hosts: Hosts, *words: str) -> Run:
    parts = [role("golang_dev", "look"), role("golang_dev", "developer")]
    known = {"name": "What was verified", "ansible.builtin.set_fact": VERIFIED}
    run = hosts.play(
        hosts.book(*parts, known, role("macos", "finish"), role("golang_dev", "verdict")), *words, **WANTED
    )
    assert run.status == 0, run.text
    return run


def test_what_macos_holds_against_verified_files_is_repaired_once(hosts: Hosts) -> None:
    hosts.start("mac", "bookworm", user="admin", twin="macos")
    hosts.shell("mac", f"mkdir -p $(dirname {GO}) $(dirname {GOPLS}); echo go > {GO}; echo gopls > {GOPLS}")
    hosts.shell("mac", "chown -R admin /Users/admin")
    inode = hosts.shell("mac", f"stat -c %i {GOPLS}")
    marked = {**state(hosts), "xattrs": {GO: {"com.apple.quarantine": "0081;"}}, "stale_inodes": [int(inode)]}
    hosts.shell("mac", f"cat > {STATE} <<'JSON'\n{json.dumps(marked)}\nJSON")

    predicted = finish(hosts, "--check")
    assert state(hosts) == marked
    done = finish(hosts)
    assert done.planned("mac") == predicted.planned("mac") == sorted([PLIST, GO, GOPLS])
    assert state(hosts)["xattrs"][GO] == {}
    assert state(hosts)["maxfiles"] == ["65536", "unlimited"]
    assert hosts.shell("mac", f"stat -c '%i %U' {GOPLS}") not in (f"{inode} admin", f"{inode} root")
    assert hosts.shell("mac", f"stat -c %U {GOPLS}; cat {GOPLS}") == "admin\ngopls"
    assert "<string>65536</string>" in hosts.shell("mac", f"cat {PLIST}")
    assert hosts.shell("mac", "cat /private/var/db/twin/unknown /private/var/db/twin/dialogs") == ""

    again = finish(hosts)
    assert again.planned("mac") == [] and "changed=0 " in again.text, again.text
    back = hosts.play(hosts.book(role("golang_dev", "look"), role("macos", "uninstall")), **WANTED)
    assert back.status == 0, back.text
    assert hosts.shell("mac", f"ls {PLIST} 2>/dev/null || true") == ""
