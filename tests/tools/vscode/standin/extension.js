// Copyright: the gopherops.workstation maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Stands in for golang.go, which no package registry carries: it starts the gopls that the settings name, with the
// flags, variables and gopls settings from where golang.go reads them. Unlike it, it searches nowhere else and
// installs nothing, so a definition that is found was found by the gopls in the settings.

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = async function () {
  const go = vscode.workspace.getConfiguration("go");
  const command = (go.get("alternateTools") || {}).gopls;
  if (!command) {
    vscode.window.showErrorMessage("Stand-in: go.alternateTools names no gopls");
    return;
  }
  const server = {
    command,
    args: ["-mode=stdio", ...(go.get("languageServerFlags") || [])],
    options: { env: { ...process.env, ...(go.get("toolsEnvVars") || {}) } },
  };
  client = new LanguageClient("standin", "Stand-in", server, {
    documentSelector: [{ language: "go", scheme: "file" }, { language: "go.mod", scheme: "file" }],
    initializationOptions: vscode.workspace.getConfiguration("gopls"),
  });
  await client.start();
  vscode.window.setStatusBarMessage(`gopls ${client.initializeResult.serverInfo.version ? "answers" : "is mute"}`);
};

exports.deactivate = function () {
  return client && client.stop();
};
