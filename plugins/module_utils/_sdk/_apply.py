# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: carry out the steps so that a kill or a power cut between any two system calls
leaves the old Go or the new one.

The order is always: everything new on disk and synced, then one rename that makes it visible, then the directory
synced, and only then is the old one taken away.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field

from ansible_collections.gopherops.workstation.plugins.module_utils._atomic import (
    fsync_directory,
    make_directories,
    replace_file,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import (
    _defaults,
    _filesystem,
    _manifest,
    _stage,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._decide import Step
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._job import Job, Runner
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import Layout
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network, SourceError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._refresh import found
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._sources import Laid, lay_down
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._state import History, Tree


@dataclass
class Workshop:
    """The job, and the effects that its steps need."""

    job: Job
    network: Network
    run: Runner
    link_tree: Tree | None
    failed: list[str] = field(default_factory=list)
    """Sources that could not give it, and why."""

    @property
    def layout(self) -> Layout:
        return self.job.layout

    def do(self, step: Step, history: History | None) -> None:
        version = step.version or ""
        if step.act == "clean":
            _stage.clean(step.path)
        elif step.act == "install":
            self._install(self.job.releases[version], step.path)
        elif step.act == "carry":
            self._carry(step.path)
        elif step.act == "switch":
            self._note_history(history)
            self._point(version)
        elif step.act in {"adopt", "aside"}:
            self._note_history(history)
            self._move_from_link(version, step.path, keep=step.act == "adopt")
        elif step.act == "drop":
            self._drop(version)
        elif step.act == "unlink":
            os.unlink(self.layout.link)
            fsync_directory(os.path.dirname(self.layout.link))
            self._forget_history()
        elif step.act == "unroot":
            self._remove_root()

    def _install(self, release: Release, aside: str) -> None:
        stage = _stage.Stage(self.layout)
        try:
            laid = self._fetch(release, stage)
            self._try_out(release, stage.tree)
            self._keep_defaults(release.version, stage.tree)
            header = _header(release, laid, stage.tree)
            _filesystem.sync_tree(stage.path)
            path, manifest = self.layout.tree(release.version), self.layout.manifest(release.version)
            if aside:
                # The manifest marks a tree as ours: not before ours stands there.
                stage.note(path, aside)
                self._swap(stage.tree, path)
                os.rename(stage.tree, aside)
                _manifest.write(manifest, header, laid.digests)
            else:
                _manifest.write(manifest, header, laid.digests)
                self._swap(stage.tree, path)
        finally:
            stage.remove()

    def _fetch(self, release: Release, stage: _stage.Stage) -> Laid:
        for source in self.job.sources:
            if source.get("only", release.version) != release.version:
                continue
            stage.empty()
            try:
                laid = lay_down(source, release, stage.tree, stage.spool, self.network)
            except SourceError as error:
                where = source.get("url") or source.get("path", "")
                self.failed.append(f"{source.get('name', source['type'])} ({where}) {error}")
                continue
            if os.path.lexists(stage.spool):
                os.unlink(stage.spool)
            return laid
        raise WorkstationError(
            "install",
            "Go",
            release.version,
            "; ".join(["no source could give it", *self.failed]),
            "What stood there is as it was. Check the network and proxy settings of this host, or name a "
            "reachable mirror, module proxy or index in sources",
        )

    def _try_out(self, release: Release, tree: str) -> None:
        program = os.path.join(tree, "bin", "go")
        status, stdout, stderr = self.run([program, "version"])
        if status != 0 or f"go{release.version} " not in stdout:
            said = (stderr or stdout).strip().splitlines() or [f"exit status {status}"]
            cause = f"it is as released, but does not run on this host ({said[0]})"
            advice = "Check that the filesystem is not mounted noexec and that the platform is right"
            raise WorkstationError("install", "Go", release.label[2:], cause, advice)

    def _keep_defaults(self, version: str, fresh: str) -> None:
        """A tree that is replaced keeps the machine's defaults."""
        kept = _defaults.read(self.layout.tree(version))
        if kept:
            content = _defaults.with_defaults(fresh, kept)
            with open(os.path.join(fresh, "go.env"), "wb") as stream:
                stream.write(content)

    def _carry(self, tree: str) -> None:
        """Made ready in a stage: a half-written file beside the real one would be a difference to the release."""
        content = _defaults.with_defaults(tree, _defaults.read(self.layout.link))
        stage = _stage.Stage(self.layout)
        try:
            with open(stage.spool, "wb") as stream:
                os.fchmod(stream.fileno(), 0o644)
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(stage.spool, os.path.join(tree, "go.env"))
            fsync_directory(tree)
        finally:
            stage.remove()

    def _swap(self, fresh: str, path: str) -> None:
        """``fresh`` becomes ``path``; what stood there lies where ``fresh`` was."""
        if not os.path.lexists(path):
            os.rename(fresh, path)
        elif not _filesystem.exchange(fresh, path):
            # No atomic exchange on this filesystem: for the time of one rename there is none.
            away = fresh + ".old"
            _filesystem.move(path, away)
            os.rename(fresh, path)
            os.rename(away, fresh)
        fsync_directory(os.path.dirname(path))

    def _point(self, version: str) -> None:
        """A symlink cannot be changed, only be replaced by another through rename."""
        folder, fresh = os.path.dirname(self.layout.link), self.layout.fresh_link
        make_directories(folder)
        if os.path.lexists(fresh):
            os.unlink(fresh)
        try:
            os.symlink(self.layout.link_text(version), fresh)
            os.replace(fresh, self.layout.link)
        except OSError:
            if os.path.lexists(fresh):
                os.unlink(fresh)
            raise
        fsync_directory(folder)

    def _move_from_link(self, version: str, destination: str, *, keep: bool) -> None:
        """The directory at the link moves to ``destination``; the link comes in its place in the same instant."""
        layout, tree = self.layout, self.link_tree
        if keep and tree and tree.digests:
            header = found(tree, layout.link, ours=True)
            _manifest.write(layout.manifest(tree.version), header, tree.digests)
        # Where the link will stand its text is right; where it stands now it is a stray link.
        os.symlink(layout.link_text(version), destination)
        if not _filesystem.exchange(destination, layout.link):
            os.unlink(destination)
            _filesystem.move(layout.link, destination)
            os.symlink(layout.link_text(version), layout.link)
        # A rename between two directories is one step: synced in one of them, it is in both.
        fsync_directory(os.path.dirname(layout.link))

    def _drop(self, version: str) -> None:
        stage = _stage.Stage(self.layout)
        try:
            _filesystem.move(self.layout.tree(version), stage.tree)
            fsync_directory(self.layout.root)
            os.unlink(self.layout.manifest(version))
        finally:
            stage.remove()

    def _note_history(self, history: History | None) -> None:
        if history is not None:
            text = json.dumps(asdict(history), sort_keys=True) + "\n"
            replace_file(self.layout.history, text.encode(), mode=0o644, follow=False)

    def _forget_history(self) -> None:
        if os.path.lexists(self.layout.history):
            os.unlink(self.layout.history)

    def _remove_root(self) -> None:
        self._forget_history()
        os.rmdir(self.layout.root)
        fsync_directory(os.path.dirname(self.layout.root))


def _header(release: Release, laid: Laid, tree: str) -> _manifest.Header:
    return _manifest.Header(
        version=release.version,
        platform=release.platform,
        h1=laid.h1,
        proof=laid.proof,
        source=laid.source,
        source_url=laid.url,
        ours=True,
        stat=_manifest.stat_digest(tree),
        go_env=_manifest.go_env_digest(tree),
    )
