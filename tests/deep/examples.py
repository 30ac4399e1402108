# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The blocks of README.md, docs/*.md and docs/guides/*.md, done on one machine with Debian 12.

A page is a case, its blocks are done in the reader's order. The transcript is ``.cache/logs/examples.txt``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "tools"), str(ROOT / "tests" / "deep")]

from _pages import (  # type: ignore[import-not-found]  # noqa: E402
    AFTER,
    FIRST,
    INVENTORIES,
    PLAYBOOKS,
    REPLACED,
    SYNTAX_ONLY,
    Block,
    blocks,
    followed,
    pages,
    told,
)
from dev.containers import Container, running  # noqa: E402
from dev.errors import DevError  # noqa: E402
from dev.tree import bundle  # noqa: E402
from docsite import named  # noqa: E402

LOG = ROOT / ".cache" / "logs" / "examples.txt"
REPOSITORY = "https://github.com/gopherops/workstation"
HOME, CLONE = "/home/dev", "/home/dev/workstation"
INVENTORY = {
    "laptops": {"hosts": {"laptop": {"ansible_connection": "local"}}},
    "volunteers": {"hosts": {"laptop": None}},
}
# As root, once: an editor with its Go extension, and what the pages' own files would be.
FURNISH = f"""set -eu
mkdir -p {HOME}/.config/Code {HOME}/.ssh {HOME}/fleet
install -m 755 /media/code /usr/local/bin/code
cp /media/release* {HOME}/.ssh/
printf 'host,team,groups\\nann.example.org,payments,volunteers\\n' > {HOME}/assets.csv
chown -R dev {HOME}/.config {HOME}/.ssh {HOME}/fleet
chmod 600 {HOME}/.ssh/release
su dev -c 'code --extensions-dir {HOME}/.vscode/extensions --install-extension golang.go@0.56.0'
"""
# As the developer, before each page: nothing of the page before, but the files that pages speak of.
FRESH = f"""set -eu
git clean -fdq
cp {HOME}/assets.csv .
cp -r /media/files .
mkdir -p {HOME}/src/service
cd {HOME}/src/service
printf 'module example.com/service\\n\\ngo 1.21\\n' > go.mod
printf 'package main\\n\\nfunc main() {{}}\\n' > main.go
"""
SECRETS = {"vault_goproxy_token": "s3cret-token", "vault_ada_password": "s3cret"}


@dataclass
class Reader:
    """Somebody at a terminal of the machine, with the clone as current folder and Ansible on PATH."""

    container: Container
    signer: str
    log: TextIO

    def types(self, script: str, *, tools: bool = True) -> tuple[int, str]:
        """On a terminal, saying yes when asked; ``tools`` is what `./dev shell` gives."""
        self.write("/tmp/block", f"set -e\n{script}\n")
        shell = f"cd {CLONE} && ./dev shell bash /tmp/block" if tools else "bash -l /tmp/block"
        piped = f"printf 'y\\ny\\ny\\n' | script -qec '{shell}' /dev/null | tr -d '\\r'; exit ${{PIPESTATUS[1]}}"
        done = self.container.run("bash", "-c", piped)
        self.log.write(f"$ {script}\n{done.stdout}\n[status {done.returncode}]\n\n")
        self.log.flush()
        return done.returncode, done.stdout

    def write(self, path: str, text: str) -> None:
        folder, quoted = str(Path(path).parent), text.replace("'", "'\\''")
        self.container.need("sh", "-c", f"mkdir -p {folder}; printf %s '{quoted}' > {path}")

    def does(self, block: Block) -> tuple[int, str]:
        text = self.here(block.text)
        if block.language not in ("yaml", "yml"):
            return self.types("\n".join([text, self.here(told(block, AFTER))]))
        path = file_of(text) or f"{CLONE}/block.yml"
        content = yaml.safe_load(text)
        inventory = any(re.fullmatch(name, block.id) for name in INVENTORIES)
        if inventory and "ansible_host" in str(content) and "hosts" not in str(content):
            text = yaml.safe_dump({"laptops": {"hosts": content}})
        self.write(path, text)
        if inventory:
            return self.types(f"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=1 ansible-inventory -i {path} --graph --vars")
        if isinstance(content, list):
            only = "--syntax-check" if told(block, SYNTAX_ONLY) else ""
            return self.types(f"ansible-playbook -i inventory.yml {path} {only}")
        playbook = told(block, PLAYBOOKS) or "golang_dev"
        given = f"--check -e @{path} -e @secrets.yml"
        return self.types(f"ansible-playbook -i inventory.yml playbooks/{playbook}.yml {given}")

    def here(self, text: str) -> str:
        for written, stands in REPLACED.items():
            text = text.replace(written, stands.format(signer=self.signer))
        return text

    def follows(self, page: str) -> str:
        """The reason why a page does not work, or nothing."""
        self.container.need("sh", "-c", f"cd {CLONE} && {FRESH}")
        for name, content in (("inventory", INVENTORY), ("secrets", SECRETS), ("requirements", REQUIREMENTS)):
            self.write(f"{CLONE}/{name}.yml", yaml.safe_dump(content))
        for block in followed(page):
            if block.id != f"{FIRST} 1":  # it made the machine
                status, output = self.does(block)
                if status:
                    return f"block {block.number} ended with status {status}: {troubles(output)}"
        return ""


REQUIREMENTS = {"collections": [{"name": f"{HOME}/collection.tar.gz", "type": "file"}]}


def file_of(text: str) -> str:
    """The file that a block says it is, in its first line."""
    found = re.match(r"# (~/)?([\w./-]+\.yml)\b", text)
    return f"{HOME if found[1] else CLONE}/{found[2]}" if found else ""


def material(folder: Path) -> str:
    """What goes into the machine; returns the public half of the key that signs."""
    folder.chmod(0o755)
    bundle(folder)
    (folder / "code").write_bytes((ROOT / "tests/integration/examples/editor.py").read_bytes())
    signer = named.make(folder)
    (folder / "release").chmod(0o644)
    return signer


def begin(reader: Reader) -> str:
    """The first block of the README is what makes the machine."""
    reader.container.need("sh", "-c", FURNISH, user="root")
    lend(reader.container)
    # The address of the pages, without a network: git is told where it lies.
    reader.container.need("git", "config", "--global", "url./media/workstation.bundle.insteadOf", REPOSITORY)
    status, output = reader.types(blocks(FIRST)[0].text, tools=False)
    if status or "This machine works for Go." not in output:
        return f"block 1 of {FIRST} ended with status {status}: {troubles(output)}"
    built = "ansible-galaxy collection build --output-path ~/built && mv ~/built/*.tar.gz ~/collection.tar.gz"
    status, output = reader.types(built)
    return troubles(output) if status else ""


def troubles(output: str) -> str:
    """The lines that say why, in one."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", output)
    found = [line for line in plain.splitlines() if re.search(r"\[ERROR\]|rror:|^Cannot", line)]
    return repr(" | ".join(found or plain.splitlines()[-5:])[-600:])


def lend(container: Container) -> None:
    """What the gate's examples have compiled, where they have run: gopls takes minutes from nothing."""
    for archive in sorted(ROOT.glob(".cache/examples/built-*.tar"))[-1:]:
        unpack = ("tar", "-C", "/", "--transform", "s,^home/ada,home/dev,", "-xf", "-")
        command = container.command(*unpack)
        command.insert(2, "--interactive")
        with archive.open("rb") as packed:
            subprocess.run(command, env=dict(container.env), stdin=packed, check=True)


def run(cases: list[str]) -> int:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="gopherops-examples-") as folder, LOG.open("w", encoding="utf-8") as log:
        signer = material(Path(folder))
        with running("bookworm", os.environ, "--volume", f"{folder}:/media:ro") as container:
            reader = Reader(container, signer, log)
            broken = begin(reader)
            for page in cases:
                try:
                    reason = broken or reader.follows(page)
                except DevError as error:
                    reason = repr(str(error))
                failed += bool(reason)
                print(f"fail {page} {reason}" if reason else f"ok {page}", flush=True)
    return 1 if failed else 0


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(page for page in pages() if followed(page)))
        return 0
    return run(words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
