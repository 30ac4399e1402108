// Copyright: the gopherops.workstation maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Drives the editor as a person does, with mouse and keyboard; prints as JSON what the screen shows after each way to
// a definition, which stands in LINE of another file. node drive.js ADDRESS FILE WORD LINE PICTURE

const loaded = require("puppeteer-core");
const puppeteer = loaded.default || loaded;

const [address, file, word, line, picture] = process.argv.slice(2);
const PATIENCE = 300000;

const look = () => {
  const text = (selector) =>
    [...document.querySelectorAll(selector)].map((e) => e.textContent.replace(/\u00a0/g, " ").trim()).join(" | ");
  const tab = document.querySelector(".tab.active");
  return {
    tab: (tab && tab.getAttribute("data-resource-name")) || "",
    cursor: text("#status\\.editor\\.selection"),
    crumbs: text(".breadcrumbs-control"),
    status: text(".statusbar-item"),
    notes: text(".notification-list-item-message"),
  };
};

async function until(page, what, holds) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const seen = await page.evaluate(look);
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`${what} did not come about: ${JSON.stringify(seen)}`);
    await new Promise((wake) => setTimeout(wake, 250));
  }
}

// The status bar follows the tab, sooner or later.
async function landed(page, how) {
  await until(page, `a jump by ${how}`, (seen) => seen.tab !== file && seen.crumbs.includes(seen.tab));
  return until(page, `line ${line} after ${how}`, (seen) => seen.cursor.includes(`Ln ${line},`));
}

// Where the word stands on the screen, whatever pieces the editor has cut its line into.
const find = (wanted) => {
  for (const line of document.querySelectorAll(".editor-instance .view-line")) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }
  }
  return null;
};

// From the list of files, as a tab that stays; then the word.
async function open(page) {
  const row = await page.waitForFunction(
    (name) =>
      [...document.querySelectorAll(".explorer-folders-view .monaco-list-row")].find(
        (e) => e.querySelector(".label-name") && e.querySelector(".label-name").textContent === name,
      ),
    { timeout: PATIENCE },
    file,
  );
  await row.click({ count: 2 });
  await until(page, `a tab with ${file}`, (seen) => seen.tab === file);
  const place = await page.waitForFunction(find, { timeout: PATIENCE }, word);
  return place.jsonValue();
}

async function byKey(page) {
  const place = await open(page);
  await page.mouse.click(place.x, place.y);
  await until(page, "an answer of gopls", (seen) => seen.status.includes("gopls answers"));
  await page.keyboard.press("F12");
  return landed(page, "F12");
}

// As a hand does: the mouse moves until there is a link under it.
async function byMouse(page) {
  const place = await open(page);
  const end = Date.now() + PATIENCE;
  await page.mouse.move(place.x, place.y);
  await page.keyboard.down("Control");
  for (let step = 1; !(await page.$(".goto-definition-link")); step += 1) {
    if (Date.now() > end) throw new Error("no link under the mouse");
    await page.mouse.move(place.x + (step % 2) * 2, place.y);
    await page.waitForSelector(".goto-definition-link", { timeout: 5000 }).catch(() => null);
  }
  await page.mouse.click(place.x + 2, place.y);
  await page.keyboard.up("Control");
  return landed(page, "Ctrl+Click");
}

async function main() {
  const browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    timeout: PATIENCE,
    protocolTimeout: 2 * PATIENCE,
    // The container is the sandbox, and its /dev/shm is small.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    defaultViewport: { width: 1400, height: 900 },
  });
  const page = await browser.newPage();
  try {
    await page.goto(address, { timeout: PATIENCE });
    const found = { F12: await byKey(page) };
    found["Ctrl+Click"] = await byMouse(page);
    console.log(JSON.stringify(found));
  } finally {
    await page.screenshot({ path: picture });
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
