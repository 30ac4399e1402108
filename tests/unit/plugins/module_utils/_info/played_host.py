"""An account whose programs are played: what they print stands in a table, and what was run is kept."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran

MISSING = Ran(127, "", "no such program", 0.0)


@dataclass
class Host:
    """``says``: the first entry whose words all stand in a command, in this order, is its answer."""

    top: Path
    says: dict[str, str | Ran] = field(default_factory=dict)
    ran: list[tuple[list[str], dict[str, str], str]] = field(default_factory=list)
    system: str = "Linux"

    def __post_init__(self) -> None:
        for folder in (self.root / "proc", self.home, self.empty):
            folder.mkdir(parents=True)

    @property
    def root(self) -> Path:
        return self.top / "root"

    @property
    def home(self) -> Path:
        return self.top / "home"

    @property
    def empty(self) -> Path:
        return self.top / "empty"

    def run(self, argv: Sequence[str], env: Mapping[str, str], cwd: str, timeout: float, stdin: bytes = b"") -> Ran:
        self.ran.append((list(argv), dict(env), cwd))
        for words, answer in self.says.items():
            if " ".join(argv).endswith(words) or f"{words} " in " ".join(argv):
                return answer if isinstance(answer, Ran) else Ran(0, answer, "", 0.0)
        return MISSING

    def place(self, **environ: str) -> Place:
        return Place(
            self.run, environ, self.system, "dev", os.geteuid(), str(self.home), "/bin/bash", str(self.empty),
            str(self.root),
        )  # fmt: skip

    def file(self, path: str, text: str | bytes = "", mode: int = 0o644) -> Path:
        """A file of the machine."""
        return written(self.root / path.lstrip("/"), text, mode)

    def own(self, path: str, text: str | bytes = "", mode: int = 0o644) -> Path:
        """A file in the home."""
        return written(self.home / path, text, mode)


def written(file: Path, text: str | bytes, mode: int) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    file.chmod(mode)
    return file


def account_of(place: Place, uid: int) -> Place:
    return replace(place, uid=uid)
