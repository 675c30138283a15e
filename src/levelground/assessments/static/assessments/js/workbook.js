// Saves each answer when it changes. Nothing typed is lost: an answer waits on this device until the server has it.
import { say } from "../../levelground/js/connection.js";
import { post, sayLeft } from "../../levelground/js/outbox.js";
import { startMoving } from "./moving.js";
import { startPlanning } from "./planning.js";
import { Queue } from "./queue.js";
import { markRow, rowOf, showProblem, showSaved, status, valueOf } from "./rows.js";

const list = document.querySelector("[data-rows]");
const texts = JSON.parse(list.dataset.texts);
const scope = "alone" in list.dataset ? "alone" : (document.querySelector("[data-progress]")?.dataset.progress ?? "none");
const queue = new Queue(`lg-answers-${list.dataset.queue}`, list.dataset.answerUrl);
// Half a sentence is kept on this device at once, and sent when its writer goes on or rests for so long.
const REST = 5000;
const typing = new Map();
const lost = [];
const unsaid = new Set();
let sending = false;
let wait = 2000;
let timer = null;

const ready = () => queue.waiting().filter(([code]) => !typing.has(code));

/** Send what waits, oldest first, one at a time, and then what has come meanwhile. */
async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let next = ready()[0]; next; next = ready()[0]) {
      if (!(await send(...next))) break;
    }
  } finally {
    sending = false;
  }
}

/** Send one answer. False when nothing can be sent for now. */
async function send(code, item) {
  if (rowOf(code)) status(rowOf(code), "saving", texts.saving);
  const body = new URLSearchParams({ indicator: code, scope, ...item.sent });
  const { outcome, row: fresh, page } = await post(list.dataset.answerUrl, body, code);
  const row = rowOf(code);
  if (outcome === "offline") return later(texts.offline);
  if (outcome === "later") return later(texts.queued);
  if (outcome === "signedOut") {
    mark(texts.signedOut);
    return false;
  }
  if (outcome === "gone" || outcome === "refused") {
    queue.hold(code);
    if (row) status(row, "failed", texts.refused);
    else lost.push({ name: queue.prefix + code, code, item, outcome });
    sayLeft(lost);
    return true;
  }
  wait = 2000;
  if (outcome === "saved") {
    const newer = queue.settle(code, item, fresh.dataset.version);
    if (row) showSaved(row, fresh, page, newer);
  } else if (!queue.overtaken(code, item)) {
    // It stays on this device until the person has decided, wherever they go meanwhile.
    queue.hold(code);
    if (row) showProblem(row, fresh);
    else say(`${code}: ${texts.decide}`);
  }
  return true;
}

function mark(text) {
  for (const [code] of queue.waiting()) {
    const row = rowOf(code);
    if (row) status(row, "queued", text);
  }
}

/** Try again after a while, which grows. */
function later(text) {
  mark(text);
  clearTimeout(timer);
  timer = setTimeout(flush, wait);
  wait = Math.min(wait * 2, 30000);
  return false;
}

/** An answer changed: keep it here first, then send it, unless its words are still being typed. `picked`: by a choice. */
function changed(row, picked = false) {
  const code = row.dataset.row;
  const inWords = "words" in row.dataset;
  // Typing an answer that is asked for in words is answering it.
  if (inWords && !valueOf(row).value) row.querySelector('input[type=radio][value="met"]').checked = true;
  const { value, reason, said } = valueOf(row);
  if (!value) return;
  markRow(row, value);
  if ((value === "not_applicable" || (inWords && value === "met")) && !reason.trim()) {
    status(row, "queued", texts.reason);
    if (picked) row.querySelector("textarea")?.focus();
    // A draft: kept on this device and shown again, but not sent without its words.
    queue.put(code, { value, reason, said, version: row.dataset.version });
    queue.hold(code);
    unsaid.add(code);
    return;
  }
  unsaid.delete(code);
  queue.put(code, { value, reason, said, version: row.dataset.version });
  if (typing.has(code)) status(row, "queued", texts.typing);
  else flush();
}

/** The writer goes on, rests or leaves. */
function typed(code, picked = false) {
  clearTimeout(typing.get(code));
  typing.delete(code);
  if (rowOf(code)) changed(rowOf(code), picked);
}
const typedAll = () => [...typing.keys()].forEach((code) => typed(code));

/** The row of a change to an answer, and not to an action that is planned under it. */
function answered(event) {
  const ours = event.target.form?.id === "answers" && !event.target.closest("[data-plan]");
  return ours ? event.target.closest("[data-row]") : null;
}
list.addEventListener("change", (event) => {
  const row = answered(event);
  if (row?.querySelector(".lg-conflict")) choose(row, event.target);
  else if (row) typed(row.dataset.row, event.target.type === "radio");
});
list.addEventListener("input", (event) => {
  const row = answered(event);
  if (!row || event.target.tagName !== "TEXTAREA" || row.querySelector(".lg-conflict")) return;
  const code = row.dataset.row;
  clearTimeout(typing.get(code));
  typing.set(code, setTimeout(typed, REST, code));
  changed(row);
});
window.addEventListener("pagehide", typedAll);
window.addEventListener("beforeunload", (event) => {
  if ([...unsaid].some(rowOf)) event.preventDefault();
});

/** In a conflict, picking a side brings its reason, unless the person has written one; the button sends the decision. */
function choose(row, radio) {
  if (radio.type !== "radio") return;
  const words = row.querySelector("textarea");
  const given = [words.defaultValue, ...[...row.querySelectorAll("[data-reason]")].map((side) => side.dataset.reason)];
  if (given.includes(words.value)) words.value = radio.dataset.reason;
}
list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choose]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("[data-row]");
  const { value, reason, said } = valueOf(row);
  if (!value) return row.querySelector("input[type=radio]").focus();
  const version = row.querySelector('[name^="version-"]').value;
  queue.put(row.dataset.row, { value, reason, said, version, whole: true });
  flush();
});

startPlanning(list, { texts, scope });
startMoving(list, texts);

// Answers that waited through a reload, a closed lid or a dead battery show as they were typed, and are sent.
for (const [code, item] of queue.all()) {
  const row = rowOf(code);
  if (!row) continue;
  const radio = row.querySelector(`input[type=radio][value="${item.sent.value}"]`);
  if (radio) radio.checked = true;
  const reason = row.querySelector("textarea");
  if (reason) reason.value = item.sent.reason;
  status(row, "queued", texts.queued);
}
queue.release();
window.addEventListener("online", flush);
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? flush() : typedAll()));
if (queue.size) flush();
