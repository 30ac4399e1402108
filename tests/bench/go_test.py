# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes ``go test`` fast or slow here, so that advice about tuning can be checked by anyone.

A sample module of the standard library only is tested under one change at a time. Every figure is the median of
GOPHEROPS_BENCH_RUNS (3) runs in seconds, after one that is thrown away. Only `warm over cold` has a limit: the cache
has to pay. Kernel settings are tried as root with GOPHEROPS_BENCH_KERNEL=1 alone, and put back.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

RUNS = int(os.environ.get("GOPHEROPS_BENCH_RUNS", "3"))
PACKAGES = int(os.environ.get("GOPHEROPS_BENCH_PACKAGES", "12"))
KERNEL = {"vm/swappiness": "10", "net/core/somaxconn": "65535", "fs/inotify/max_user_watches": "524288"}
CODE = """package p{n}

import (
    "crypto/sha256"
    "encoding/json"
    "os"
    "path/filepath"
)

func Work(folder string, rounds int) (int, error) {{
    sum := sha256.Sum256([]byte(folder))
    for i := 0; i < rounds; i++ {{
        sum = sha256.Sum256(sum[:])
    }}
    data, err := json.Marshal(sum)
    if err != nil {{
        return 0, err
    }}
    return len(data), os.WriteFile(filepath.Join(folder, "sum"), data, 0o600)
}}
"""
TEST = """package p{n}

import "testing"

func TestWork(t *testing.T) {{
    t.Parallel()
    for i := 0; i < 20; i++ {{
        if n, err := Work(t.TempDir(), 20000); n == 0 || err != nil {{
            t.Fatal(n, err)
        }}
    }}
}}
"""


def sample(folder: Path) -> None:
    """The module: packages that compile, compute and write files."""
    (folder / "go.mod").write_text("module bench\n\ngo 1.24\n")
    for number in range(PACKAGES):
        package = folder / f"p{number}"
        package.mkdir()
        (package / "p.go").write_text(CODE.format(n=number))
        (package / "p_test.go").write_text(TEST.format(n=number))


class Bench:
    def __init__(self, go: str, work: Path) -> None:
        self.go, self.work, self.module = go, work, work / "module"
        self.module.mkdir()
        sample(self.module)

    def test(self, cache: Path, *flags: str, env: Mapping[str, str] | None = None) -> float:
        """One `go test ./...`; -count=1, since a cached result would measure nothing."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("GO", "CGO"))}
        full = {**clean, "GOCACHE": str(cache), "GOFLAGS": "", "GOTOOLCHAIN": "local", "GOENV": "off", **(env or {})}
        begin = time.monotonic()
        command = [self.go, "test", "-count=1", *flags, "./..."]
        done = subprocess.run(command, cwd=self.module, env=full, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"Cannot measure '{' '.join(command)}': {(done.stderr or done.stdout).strip()[-400:]}")
        return time.monotonic() - begin

    def warm(self, name: str, *flags: str, folder: Path | None = None, env: Mapping[str, str] | None = None) -> float:
        """Median with a warm cache of its own."""
        cache = (folder or self.work) / f"cache-{name}"
        self.test(cache, *flags, env=env)
        value = statistics.median(self.test(cache, *flags, env=env) for _run in range(RUNS))
        shutil.rmtree(cache, ignore_errors=True)
        return value

    def cold(self, name: str) -> float:
        def once(number: int) -> float:
            cache = self.work / f"cold-{name}-{number}"
            value = self.test(cache)
            shutil.rmtree(cache, ignore_errors=True)
            return value

        return statistics.median([once(number) for number in range(RUNS)])


def show(name: str, value: float, limit: str = "-") -> None:
    print(f"go_test_{name} {value:.3f} {limit}", flush=True)


def skipped(name: str, why: str) -> None:
    print(f"# go_test_{name}: skipped, {why}", flush=True)


def quota() -> float | None:
    """Processors that the control group grants, where it limits them."""
    try:
        limit, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return None if limit == "max" else int(limit) / int(period)
    except (OSError, ValueError):
        return None


@contextmanager
def overlay(work: Path) -> Iterator[Path | None]:
    """An overlay of our own, as containers use; only root may mount one everywhere."""
    parts = [work / name for name in ("lower", "upper", "inner", "merged")]
    for part in parts:
        part.mkdir()
    options = f"lowerdir={parts[0]},upperdir={parts[1]},workdir={parts[2]}"
    command = ["mount", "-t", "overlay", "overlay", "-o", options, str(parts[3])]
    mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield parts[3] if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(parts[3])], check=True)


def file_systems(bench: Bench) -> None:
    kind = subprocess.run(["stat", "-f", "-c", "%T", str(bench.work)], capture_output=True, text=True, check=False)
    show(f"cache_on_{(kind.stdout.strip() or 'disk').split('/')[0]}", bench.warm("disk"))
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30:
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            show("cache_on_tmpfs", bench.warm("tmpfs", folder=Path(folder)))
    else:
        skipped("cache_on_tmpfs", "/dev/shm is missing or holds less than 1 GiB")
    with overlay(bench.work) as folder:
        if folder:
            show("cache_on_overlay", bench.warm("overlay", folder=folder))
        else:
            skipped("cache_on_overlay", "only root may mount one here")


def processors(bench: Bench) -> None:
    granted, cores = quota(), os.cpu_count() or 1
    print(f"# {cores} cores, control group grants {granted or 'all'}", flush=True)
    for count in sorted({1, max(1, round(granted or cores)), cores, cores * 4}):
        show(f"gomaxprocs_{count}", bench.warm(f"procs{count}", env={"GOMAXPROCS": str(count)}))


def kernel(bench: Bench) -> None:
    """Each setting that articles advise, alone, against the same run before it."""
    if os.geteuid() or os.environ.get("GOPHEROPS_BENCH_KERNEL") != "1":
        skipped("kernel", "it changes this machine: run as root with GOPHEROPS_BENCH_KERNEL=1")
        return
    for name, wanted in KERNEL.items():
        path, label = Path("/proc/sys") / name, name.rpartition("/")[2]
        before = path.read_text().strip()
        show(f"before_{label}_{before}", bench.warm(f"{label}-before"))
        try:
            path.write_text(wanted)
            show(f"after_{label}_{wanted}", bench.warm(f"{label}-after"))
        finally:
            path.write_text(before)


def main() -> None:
    go = shutil.which("go") or str(Path("~/sdk/go/bin/go").expanduser())
    if not os.access(go, os.X_OK):
        sys.exit("Cannot measure go test: there is no go. Run ./dev provision first.")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(go, Path(folder))
        cold, warm = bench.cold("plain"), bench.warm("plain")
        show("cold", cold)
        show("warm", warm)
        show("warm_over_cold", warm / cold, "0.9")
        show("cover", bench.warm("cover", "-cover"))
        if shutil.which("gcc") or shutil.which("clang") or shutil.which("cc"):
            show("race", bench.warm("race", "-race", env={"CGO_ENABLED": "1"}))
        else:
            skipped("race", "there is no C compiler")
        steps: tuple[Callable[[Bench], None], ...] = (processors, file_systems, kernel)
        for step in steps:
            step(bench)


if __name__ == "__main__":
    main()
