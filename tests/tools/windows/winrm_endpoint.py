"""A small WinRM endpoint on loopback, so that pywinrm and Ansible's own connection talk to a command of this machine.

It knows what pywinrm asks: create a shell, start a command, send to it, receive from it, signal it, delete the shell;
HTTP Basic, which is answered with 401 first. It never leaves loopback and encrypts nothing. What it starts is said by
``start``: Wine with PowerShell, or a stand-in.
"""

from __future__ import annotations

import base64
import queue
import shlex
import subprocess
import threading
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
NOTHING_YET = "2150858793"  # ERROR_WSMAN_OPERATION_TIMEDOUT: pywinrm asks again
NO_SUCH_SHELL = "2150858843"
PATIENCE = 5.0

Start = Callable[[Sequence[str]], "list[str]"]
"""From the words that the client sent to those that are started here."""


def words_of(command: str, arguments: Sequence[str]) -> list[str]:
    r"""As cmd would split them: a backslash is a letter, and one pair of quotes is taken off each word."""
    found = []
    for text in (command, *arguments):
        lexer = shlex.shlex(text, posix=False, punctuation_chars=False)
        lexer.whitespace_split, lexer.commenters = True, ""
        found += [word[1:-1] if word[:1] in "\"'" and word[-1:] == word[:1] else word for word in lexer]
    return found


class Command:
    """A process whose output is kept until it is asked for."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        self.said: queue.Queue[tuple[str, bytes]] = queue.Queue()
        pipes = {"stdout": self.process.stdout, "stderr": self.process.stderr}
        self.readers = [threading.Thread(target=self._read, args=pair, daemon=True) for pair in pipes.items()]
        for reader in self.readers:
            reader.start()

    def _read(self, name: str, pipe: Any) -> None:
        for chunk in iter(lambda: pipe.read(32768), b""):
            self.said.put((name, chunk))
        self.said.put((name, b""))

    def send(self, data: bytes, *, end: bool) -> None:
        pipe = self.process.stdin
        if pipe is None or pipe.closed:
            return
        try:
            pipe.write(data)
            pipe.flush()
            if end:
                pipe.close()
        except BrokenPipeError:
            pass

    def receive(self) -> list[tuple[str, bytes]]:
        """What was said since; waits a little for the first piece."""
        found = []
        try:
            found.append(self.said.get(timeout=PATIENCE))
            while True:
                found.append(self.said.get_nowait())
        except queue.Empty:
            return [(name, data) for name, data in found if data]

    @property
    def done(self) -> bool:
        return not any(reader.is_alive() for reader in self.readers) and self.said.empty()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


class Endpoint(ThreadingHTTPServer):
    """``with Endpoint(start, "user", "secret") as endpoint:`` and then ``endpoint.url``."""

    daemon_threads = True

    def __init__(self, start: Start, user: str, password: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.start_words = start
        self.login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.shells: dict[str, dict[str, Command]] = {}
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/wsman"

    def __enter__(self) -> Endpoint:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()
        for commands in self.shells.values():
            for command in commands.values():
                command.end()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint
    question = ""

    def log_message(self, *_args: Any) -> None:
        return

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Authorization") != self.server.login:
            self._answer(401, b"", [("WWW-Authenticate", 'Basic realm="WSMAN"')])
            return
        envelope = ET.fromstring(body)
        action = (envelope.findtext(f".//{{{ADDRESSING}}}Action") or "").rsplit("/", 1)[-1]
        self.question = envelope.findtext(f".//{{{ADDRESSING}}}MessageID") or ""
        self.server.asked.append(action)
        shell = ""
        for selector in envelope.iter(f"{{{WSMAN}}}Selector"):
            shell = (selector.text or "").upper() if selector.get("Name") == "ShellId" else shell
        if action != "Create" and shell not in self.server.shells:
            self._fault(NO_SUCH_SHELL, "there is no such shell")
            return
        getattr(self, f"_on_{action.lower()}", self._on_unknown)(envelope, shell)

    def _on_unknown(self, envelope: ET.Element, shell: str) -> None:
        self._fault("2150858752", "this endpoint does not know the operation")

    def _on_create(self, envelope: ET.Element, shell: str) -> None:
        name = str(uuid.uuid4()).upper()
        self.server.shells[name] = {}
        self._say(
            f'<rsp:Shell><rsp:ShellId>{name}</rsp:ShellId></rsp:Shell><w:Selector Name="ShellId">{name}</w:Selector>'
        )

    def _on_delete(self, envelope: ET.Element, shell: str) -> None:
        for command in self.server.shells.pop(shell).values():
            command.end()
        self._say("")

    def _on_command(self, envelope: ET.Element, shell: str) -> None:
        command = envelope.findtext(f".//{{{SHELL}}}Command") or ""
        arguments = [one.text or "" for one in envelope.iter(f"{{{SHELL}}}Arguments")]
        name = str(uuid.uuid4()).upper()
        self.server.shells[shell][name] = Command(self.server.start_words(words_of(command, arguments)))
        self._say(f"<rsp:CommandResponse><rsp:CommandId>{name}</rsp:CommandId></rsp:CommandResponse>")

    def _on_send(self, envelope: ET.Element, shell: str) -> None:
        for stream in envelope.iter(f"{{{SHELL}}}Stream"):
            data = base64.b64decode(stream.text or "")
            command = self.server.shells[shell][(stream.get("CommandId") or "").upper()]
            command.send(data, end=(stream.get("End") or "").lower() == "true")
        self._say("<rsp:SendResponse/>")

    def _on_receive(self, envelope: ET.Element, shell: str) -> None:
        wanted = next(envelope.iter(f"{{{SHELL}}}DesiredStream"))
        name = (wanted.get("CommandId") or "").upper()
        command = self.server.shells[shell][name]
        found = command.receive()
        if not found and not command.done:
            self._fault(NOTHING_YET, "nothing was said yet")
            return
        streams = "".join(
            f'<rsp:Stream Name="{stream}" CommandId="{name}">{base64.b64encode(data).decode()}</rsp:Stream>'
            for stream, data in found
        )
        state = "Running"
        if command.done:
            state, code = "Done", command.process.wait()
            streams += "".join(
                f'<rsp:Stream Name="{one}" CommandId="{name}" End="true"/>' for one in ("stdout", "stderr")
            )
        ending = f"<rsp:ExitCode>{code}</rsp:ExitCode>" if state == "Done" else ""
        where = f'CommandId="{name}" State="{SHELL}/CommandState/{state}"'
        self._say(
            f"<rsp:ReceiveResponse>{streams}<rsp:CommandState {where}>{ending}</rsp:CommandState></rsp:ReceiveResponse>"
        )

    def _on_signal(self, envelope: ET.Element, shell: str) -> None:
        signal = next(envelope.iter(f"{{{SHELL}}}Signal"))
        command = self.server.shells[shell].pop((signal.get("CommandId") or "").upper(), None)
        if command:
            command.end()
        self._say("<rsp:SignalResponse/>")

    def _say(self, body: str, status: int = 200) -> None:
        spaces = f'xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:w="{WSMAN}" xmlns:rsp="{SHELL}" xmlns:f="{FAULT}"'
        ids = f"<a:MessageID>uuid:{uuid.uuid4()}</a:MessageID><a:RelatesTo>{self.question}</a:RelatesTo>"
        header = f"<s:Header>{ids}</s:Header>"
        text = f"<s:Envelope {spaces}>{header}<s:Body>{body}</s:Body></s:Envelope>"
        self._answer(status, text.encode(), [("Content-Type", "application/soap+xml;charset=UTF-8")])

    def _fault(self, code: str, words: str) -> None:
        detail = f'<f:WSManFault Code="{code}" Machine="127.0.0.1"><f:Message>{words}</f:Message></f:WSManFault>'
        reason = f'<s:Reason><s:Text xml:lang="en-US">{words}</s:Text></s:Reason>'
        kind = "<s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:TimedOut</s:Value></s:Subcode></s:Code>"
        self._say(f"<s:Fault>{kind}{reason}<s:Detail>{detail}</s:Detail></s:Fault>", 500)

    def _answer(self, status: int, body: bytes, headers: Sequence[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
