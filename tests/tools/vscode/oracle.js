// VS Code's own JSONC parser behind a line protocol: one request as JSON per line, one answer per line.
"use strict";
const { applyEdits, modify, parse, parseTree, printParseErrorCode } = require("jsonc-parser");
const options = { allowTrailingComma: true, allowEmptyContent: true };

function offsets(node, path, out) {
  if (node.type === "object") {
    for (const property of node.children) {
      const [key, value] = property.children;
      if (value) {
        out.push([[...path, key.value], key.offset, value.offset, value.offset + value.length]);
        offsets(value, [...path, key.value], out);
      }
    }
  }
  return out;
}

const answers = {
  parse({ text, tree }) {
    const errors = [];
    const value = parse(text, errors, options);
    const answer = { errors: errors.map((e) => [printParseErrorCode(e.error), e.offset]), value };
    if (tree && errors.length === 0) {
      const root = parseTree(text, [], options);
      answer.offsets = root ? offsets(root, [], []) : [];
    }
    return answer;
  },
  edit({ text, path, value, remove, unit }) {
    const formattingOptions = { insertSpaces: unit !== "\t", tabSize: unit.length, eol: text.includes("\r\n") ? "\r\n" : "\n" };
    return { text: applyEdits(text, modify(text, path, remove ? undefined : value, { formattingOptions })) };
  },
};

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    const request = JSON.parse(line);
    let answer;
    try {
      answer = answers[request.op](request);
    } catch (error) {
      answer = { failed: String(error) };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
});
