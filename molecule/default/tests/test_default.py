# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a provisioned machine must be able to do, asked of the machine itself."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

SHELLS = ("bash", "sh", "zsh", "fish")
PROGRAM = """\
package main

import (
\t"fmt"
\t"net/http/httptest"
\t"strings"
)

func main() {
\tfmt.Println(strings.ToUpper("it works"), httptest.DefaultRemoteAddr)
}
"""


def settings(machine: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(machine.login("cat ~/.config/Code/User/settings.json"))
    return loaded


@pytest.mark.parametrize("shell", SHELLS)
def test_a_login_shell_finds_the_new_go(machine: Any, shell: str) -> None:
    assert re.fullmatch(r"go version go1\.\d+\.\d+ linux/\w+", machine.login("go version", shell))
    assert machine.login("command -v go", shell) == f"{machine.variables['go_root']}/bin/go"


@pytest.mark.parametrize("shell", SHELLS)
def test_a_login_shell_exports_no_goroot(machine: Any, shell: str) -> None:
    assert "GOROOT=" not in machine.login("env", shell)


def test_go_knows_itself(machine: Any) -> None:
    env = json.loads(machine.login("go env -json GOROOT GOVERSION GOSUMDB GOFLAGS GOTOOLCHAIN GOCACHE GOMODCACHE"))
    real = machine.login(f"readlink -f {machine.variables['go_root']}")
    assert machine.login(f"readlink -f {env['GOROOT']}") == real
    assert real.endswith(f"/sdk/{env['GOVERSION']}")
    assert env["GOSUMDB"] != "off"
    for place in (env["GOCACHE"], env["GOMODCACHE"]):
        assert place.startswith(f"{machine.home}/")


def test_a_program_is_built_and_runs_and_its_test_is_cached(machine: Any) -> None:
    write = f"mkdir -p ~/try && cd ~/try && cat > main.go <<'EOF'\n{PROGRAM}EOF\n"
    test = 'package main\\n\\nimport "testing"\\n\\nfunc TestIt(t *testing.T) {}\\n'
    machine.login(f"{write} printf '{test}' > main_test.go && rm -f go.mod && go mod init example.com/try")
    assert machine.login("cd ~/try && go build -o it . && ./it") == "IT WORKS 1.2.3.4"
    machine.login("cd ~/try && go test ./...")
    assert "(cached)" in machine.login("cd ~/try && go test ./...")


def test_the_home_is_the_developers_alone(machine: Any) -> None:
    assert machine.root(f"find {machine.home} ! -user {machine.developer}") == ""
    assert machine.root(f"find {machine.home} -perm -0002 ! -type l ! -type s") == ""


def test_go_belongs_to_whom_it_serves(machine: Any) -> None:
    owner = "root" if machine.variables.get("golang_dev_scope") == "machine" else machine.developer
    real = machine.login(f"readlink -f {machine.variables['go_root']}")
    assert machine.root(f"find {real} ! -user {owner}") == ""
    assert machine.root(f"find {real} -perm -0002 ! -type l") == ""
    assert machine.root(f"stat -c %a {real}/bin/go") == "755"


def test_gopls_is_built_with_this_go_and_found(machine: Any) -> None:
    gopls = machine.login("command -v gopls")
    told = machine.login(f"go version -m {gopls}").splitlines()
    assert told[0].split(": ")[1] == machine.login("go env GOVERSION")
    assert any(line.split()[:2] == ["mod", "golang.org/x/tools/gopls"] for line in told[1:])


def test_the_editor_is_told_that_gopls_and_to_leave_it_alone(machine: Any) -> None:
    told = settings(machine)
    assert told["go.alternateTools"]["gopls"] == machine.login("command -v gopls")
    assert told["go.toolsManagement.checkForUpdates"] == "off"
    assert told["go.toolsManagement.autoUpdate"] is False
    assert "go.goroot" not in told


def test_another_client_gets_answers_from_that_gopls(machine: Any) -> None:
    """Over the wire to the program that the editor would start, by a client library that is not ours."""
    machine.login("mkdir -p ~/lsp && cd ~/lsp && printf 'module example.com/lsp\\n\\ngo 1.21\\n' > go.mod")
    asyncio.run(
        asyncio.wait_for(round_trip(machine.stdio(settings(machine)["go.alternateTools"]["gopls"]), machine), 600)
    )


async def round_trip(command: list[str], machine: Any) -> None:
    root = f"file://{machine.home}/lsp"
    uri = f"{root}/main.go"
    client = LanguageClient("molecule", "1")
    seen: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
    def published(params: lsp.PublishDiagnosticsParams) -> None:
        seen.put_nowait(params)

    await client.start_io(*command)
    folders = [lsp.WorkspaceFolder(uri=root, name="lsp")]
    await client.initialize_async(
        lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), root_uri=root, workspace_folders=folders)
    )
    client.initialized(lsp.InitializedParams())
    wrong = PROGRAM.replace('"it works"', "42")
    item = lsp.TextDocumentItem(uri=uri, language_id=lsp.LanguageKind.Go, version=1, text=wrong)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    messages: list[str] = []
    while not any("cannot use 42" in message for message in messages):
        messages = [diagnostic.message for diagnostic in (await seen.get()).diagnostics]

    document = lsp.TextDocumentIdentifier(uri)
    println = lsp.Position(line=9, character=6)  # on Println
    place = await client.text_document_definition_async(lsp.DefinitionParams(document, println))
    target = place[0] if isinstance(place, list) else place
    assert isinstance(target, lsp.Location)
    root_of_go = machine.login(f"readlink -f {machine.variables['go_root']}")
    assert machine.login(f"readlink -f {target.uri.removeprefix('file://')}") == f"{root_of_go}/src/fmt/print.go"

    offered = await client.text_document_completion_async(lsp.CompletionParams(document, lsp.Position(9, 5)))
    items = offered.items if isinstance(offered, lsp.CompletionList) else offered or []
    assert "Println" in {item.label for item in items}

    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]


def beyond_folders(report: dict[str, Any]) -> list[str]:
    """The changes without folders on the way to others: which task makes a shared one depends on who comes first, and
    in check mode nobody comes first."""
    changes = report["planned"]
    return sorted(str(one) for one in changes if not any(o["path"].startswith(f"{one['path']}/") for o in changes))


def test_the_check_on_the_fresh_host_said_what_was_then_done(machine: Any) -> None:
    predicted, done = (beyond_folders(machine.report(number)) for number in (0, 1))
    assert len(predicted) > 10
    assert predicted == done


def test_the_second_run_and_the_check_after_it_change_nothing(machine: Any) -> None:
    assert machine.report(2)["planned"] == []
    assert machine.report(3)["planned"] == []


def test_the_run_proved_the_machine(machine: Any) -> None:
    assert [machine.report(number)["passed"] for number in (1, 2)] == [True, True]


def test_the_doctor_finds_nothing_to_warn_of(machine: Any) -> None:
    host = machine.examined()
    told = [one for one in host["verdicts"] if one["verdict"] == "fail" and one["severity"] != "info"]
    assert [(one["id"], one["evidence"]) for one in told] == []
    assert host["proof"] == "passed"
