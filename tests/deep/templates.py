# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The templates that users copy, run: the dev container opened twice, the workflow's job with both releases of Go.

``devcontainer``: the image of ``examples/devcontainer`` is built with podman and opened by an account with another
number, as devcontainer.json says (``tests/tools/template_runs/devcontainer.py``). Its base is not
docker.io/library/debian:trixie-slim but the same suite made by mmdebstrap: no account, no Python, no certificates
either, other sources of packages, and HOME set to /root for everybody, as some images do. The collection is the
archive of this tree, not Galaxy's. Not shown: Docker, an editor, Features, a rootless engine.

``workflow/oldstable`` and ``workflow/stable``: the ``run:`` steps of ``examples/ci/go-workstation.yml`` on a good
repository and on one with a go.work that names a folder which is not there. Debian stands in for Ubuntu, with a Go
in /usr/bin as hosted runners have one. Not shown: actions/checkout, actions/setup-python, macOS, a runner itself.

Transcripts are ``.cache/logs/templates-CASE.txt``.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import tarball  # noqa: E402
from dev import images  # noqa: E402
from dev.containers import running  # noqa: E402
from dev.environ import test_env  # noqa: E402
from dev.errors import DevError  # noqa: E402
from dev.venvs import ensure  # noqa: E402
from real_go import obtained  # noqa: E402
from template_runs import devcontainer, workflow  # noqa: E402
from template_runs.transcript import Transcript, commit, demand, write  # noqa: E402

OWNER, GROUP = 4242, 4343
MODULE = "github.com/google/uuid"
# The Go that a runner has before anybody asks for one, linked into /usr/bin (actions/runner-images).
PREINSTALLED = "1.25.14"
HELLO = {
    "go.mod": "module example.com/hello\n\ngo 1.25\n",
    "main.go": 'package main\n\nimport "fmt"\n\nfunc greeting() string { return "hello" }\n\n'
    "func main() { fmt.Println(greeting()) }\n",
    "main_test.go": 'package main\n\nimport "testing"\n\nfunc TestGreeting(t *testing.T) {\n'
    '\tif greeting() != "hello" {\n\t\tt.Fatal(greeting())\n\t}\n}\n',
}
WITH_MODULE = {
    "main.go": f'package main\n\nimport (\n\t"fmt"\n\n\t"{MODULE}"\n)\n\n'
    'func greeting() string { return "hello" }\n\nfunc main() { fmt.Println(greeting(), uuid.Nil) }\n',
}


def opened_twice(scratch: Path, env: Mapping[str, str], collection: Path) -> None:
    workspace = scratch / "hello"
    workspace.mkdir()
    write(workspace, HELLO)
    commit(workspace)
    for path in (workspace, *workspace.rglob("*")):
        os.chown(path, OWNER, GROUP)
    tool = devcontainer.Tool(OWNER, GROUP, env, Transcript("devcontainer"))
    try:
        tool.build(images.ensure("slim", env), collection)
        tool.renumber()
        created(tool, workspace)
        opened_again(tool, workspace)
    finally:
        tool.close()


def created(tool: devcontainer.Tool, workspace: Path) -> None:
    """What a developer does on the first day, and where it lies."""
    first = tool.open(workspace, tool.mounts)
    judged = first.type(tool.says["postCreateCommand"])
    demand("nothing found; Go and gopls work" in judged, "the doctor finds something", judged)
    settings = first.type("cat ~/.vscode-server/data/Machine/settings.json")
    demand("/home/dev/go/bin/gopls" in settings, "the editor's server is not told which gopls", settings)
    numbers = first.type("id -u; id -g").split()
    demand(numbers == [str(OWNER), str(GROUP)], f"the account's numbers are {numbers}")
    write(workspace, WITH_MODULE)
    first.type(f"go get {MODULE}@v1.6.0")
    first.type("go build -o hello .")
    demand(first.type("./hello").startswith("hello "), "the program does not say hello")
    demand("vcs.revision=" in first.type("go version -m hello"), "Git's revision is not in the program")
    demand("ok " in first.type("go test ./..."), "go test does not say ok")
    wrong = first.type("gopls check main.go main_test.go")
    demand(wrong == "", "gopls finds something wrong", wrong)
    home = first.type("printf %s $HOME")
    demand(first.type("go env GOCACHE GOMODCACHE").split() == [f"{home}/.cache/go-build", f"{home}/go/pkg/mod"], "HOME")
    others = first.run("find", home, "!", "-user", tool.account, user="root").stdout
    demand(others == "", "not the account's own", others)
    for name in ("hello", "go.sum", "go.mod"):
        about = (workspace / name).stat()
        demand((about.st_uid, about.st_gid) == (OWNER, GROUP), f"{name} is {about.st_uid}:{about.st_gid}'s outside")
    build, modules = tool.volume(f"{home}/.cache"), tool.volume(f"{home}/go/pkg")
    for path in (build / "go-build", build / "gopls", modules / "mod" / f"{MODULE}@v1.6.0"):
        demand(path.is_dir() and path.stat().st_uid == OWNER, f"{path.name} is not the owner's folder in its volume")
    tool.leave(first)


def opened_again(tool: devcontainer.Tool, workspace: Path) -> None:
    """A rebuilt container: nothing is fetched, compiled or tested a second time; without the volumes it would be."""
    offline = "GOPROXY=off go build -v -o hello ."
    second = tool.open(workspace, tool.mounts)
    compiled = second.type(offline)
    demand(compiled in ("", "example.com/hello\n"), "the build cache is cold", compiled)
    tested = second.type("GOPROXY=off go test ./...")
    demand("(cached)" in tested, "the test ran again", tested)
    tool.leave(second)
    third = tool.open(workspace, [])
    refused = third.answer(offline)
    demand(refused.returncode and "GOPROXY=off" in refused.stdout, "it builds without the volumes", refused.stdout)
    tool.leave(third)


def newest(name: str) -> str:
    """What go.dev calls stable and oldstable, from the dated releases: the newest of the last two lines."""
    data = json.loads((ROOT / "plugins/plugin_utils/_data/go_releases.json").read_text(encoding="utf-8"))
    found = [re.fullmatch(r"1\.(\d+)\.(\d+)", version) for version in data["releases"]]
    releases = sorted((int(one[1]), int(one[2])) for one in found if one)
    line = releases[-1][0] - {"stable": 0, "oldstable": 1}[name]
    return f"1.{line}.{max(patch for minor, patch in releases if minor == line)}"


def job_run(release: str, scratch: Path, env: Mapping[str, str], collection: Path) -> None:
    for name, more in (("good", {}), ("broken", {"go.work": "go 1.25\n\nuse (\n\t.\n\t./gone\n)\n"})):
        (scratch / name).mkdir()
        write(scratch / name, {**HELLO, **more})
        commit(scratch / name)
    go = obtained(PREINSTALLED)
    tools = f"/opt/hostedtoolcache/go/{PREINSTALLED}/x64"
    volumes = (f"{scratch}:/media:ro", f"{go}:{tools}:ro", f"{collection.parent}:/srv:ro")
    options = [word for volume in volumes for word in ("--volume", volume)]
    with running("runner", env, *options) as container:
        container.need("sh", "-c", f"ln -s {tools}/bin/* /usr/bin/", user="root")
        runner = workflow.Runner(container, Transcript(f"workflow-{release}"))
        runner.prepare()
        given = {"COLLECTION": f"/srv/{collection.name}", "GOROOT_1_25_X64": tools}
        good_and_broken(runner, release, given)


def good_and_broken(runner: workflow.Runner, release: str, given: Mapping[str, str]) -> None:
    runner.checkout("/media/good")
    good = runner.run({"go": release}, given)
    demand(not good.failed, f"failed: {good.failed}", "".join(good.output[name] for name in good.failed))
    said = good.output["Test"]
    demand(f"go version go{newest(release)} " in said, f"not Go {newest(release)}", said)
    demand("ok  \texample.com/hello" in said, "the repository's test did not run", said)
    # The runner's own Go is worth a warning, and the gate lets it pass.
    demand(set(re.findall(r"GD\d{3}", good.summary)) == {"GD005"}, "the good repository's summary", good.summary)
    runner.checkout("/media/broken")
    broken = runner.run({"go": release}, given)
    doctor = "The doctor looks at this repository, too"
    demand(broken.failed == [doctor], f"failed: {broken.failed}, not the doctor alone", str(dict(broken.status)))
    demand("Test" not in broken.status, "the tests run although the doctor failed")
    demand("GD038" in broken.summary, "the summary does not name the rule", broken.summary)


CASES: dict[str, Callable[[Path, Mapping[str, str], Path], None]] = {
    "devcontainer": opened_twice,
    "workflow/oldstable": partial(job_run, "oldstable"),
    "workflow/stable": partial(job_run, "stable"),
}


def run(case: str, env: Mapping[str, str]) -> str:
    """How it ended, in a line."""
    if case == "devcontainer" and os.geteuid():
        return f"skip {case} only root can give the workspace to another account"
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gopherops-templates-") as folder:
        Path(folder).chmod(0o755)
        try:
            CASES[case](Path(folder), env, tarball.build(Path(folder) / "archive"))
        except (DevError, OSError) as error:
            return f"fail {case} {' | '.join(str(error).split(chr(10)))}"
    return f"ok {case} in {time.monotonic() - started:.0f} s"


def main(words: list[str]) -> int:
    if words[:1] == ["list"]:
        print("\n".join(CASES))
        return 0
    env = test_env(ensure("test"), os.environ)
    lines = []
    for case in words[1:]:
        lines.append(run(case, env))
        print(lines[-1], flush=True)
    return int(any(line.startswith("fail") for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
