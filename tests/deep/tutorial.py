# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/tutorial.md to the letter, in a container with only Python, git and ca-certificates: each block a new terminal.

The transcript is ``.cache/logs/tutorial.txt``.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from dev.containers import Container, running  # noqa: E402
from dev.tree import bundle  # noqa: E402

PAGE = ROOT / "docs" / "tutorial.md"
LOG = ROOT / ".cache" / "logs" / "tutorial.txt"
REPOSITORY = "https://github.com/gopherops/workstation"
# What each command has to end with, and what it has to say; the first that fits counts.
EXPECTED = (
    (r"git clone[^\n]*\n.*dev provision", 0, ("Go on\\? \\[y/N\\]", "This machine works for Go\\.")),
    (r"dev provision", 0, ("Nothing to change", "This machine works for Go\\.")),
    (r"go version\ngopls version", 0, ("go version go1", "golang.org/x/tools/gopls v")),
    (r"go run", 0, ("hello",)),
    (r"export GOROOT", 0, ()),
    (r"dev doctor$", 1, ("GD002", "GD019")),
    (r"go_doctor_fix", 0, ("go_env", "go_tools")),
    (r"uninstall", 0, ("failed=0",)),
)


def blocks() -> list[str]:
    """What the reader types; a block that only shows an answer is none."""
    found = re.findall(r"^```\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [block.strip() for block in found if not block.startswith("Go on?")]


def expected(block: str) -> tuple[int, tuple[str, ...]]:
    for pattern, status, words in EXPECTED:
        if re.search(pattern, block, re.DOTALL):
            return status, words
    raise SystemExit(f"nothing is expected of:\n{block}")


def terminal(container: Container, block: str) -> tuple[int, str]:
    """A new login shell on a terminal, somebody at it who says yes."""
    typed = "set -e\n" + block
    script = "printf 'y\\n' | script -qec 'bash -l /tmp/block' /dev/null | tr -d '\\r'; exit ${PIPESTATUS[1]}"
    container.need("sh", "-c", f"cat > /tmp/block <<'END'\n{typed}\nEND")
    done = container.run("bash", "-c", script)
    return done.returncode, done.stdout


def follow() -> str:
    """The reason why it does not work, or nothing."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gopherops-tutorial-") as folder, LOG.open("w", encoding="utf-8") as log:
        Path(folder).chmod(0o755)
        bundle(Path(folder))
        with running("bare", os.environ, "--volume", f"{folder}:/media:ro") as container:
            # The tutorial's own address, without a network: git is told where it lies.
            container.need("git", "config", "--global", "url./media/workstation.bundle.insteadOf", REPOSITORY)
            for block in blocks():
                status, words = expected(block)
                got, output = terminal(container, block)
                log.write(f"$ {block}\n{output}\n[status {got}]\n\n")
                log.flush()
                lost = [word for word in words if not re.search(word, output)]
                if got != status or lost:
                    return f"status {got} for {status}, without {lost}: {block!r}"
            if container.run("test", "-e", "/home/dev/sdk/go").returncode == 0:
                return "the uninstalled Go is still there"
            if container.run("test", "-e", "/home/dev/src/hello/main.go").returncode:
                return "the developer's own file is gone"
    return ""


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("tutorial")
        return 0
    reason = follow()
    print(f"fail tutorial {reason}" if reason else "ok tutorial", flush=True)
    return 1 if reason else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
