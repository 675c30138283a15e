// Saves each answer when it changes. Nothing typed is lost: an answer waits on this device until the server has it.
import { say } from "../../levelground/js/connection.js";
import { onKey } from "../../levelground/js/keys.js";
import { Queue } from "./queue.js";
import { markRow, rowOf, showParts, showProblem, showSaved, status, valueOf } from "./rows.js";

const list = document.querySelector("[data-rows]");
const texts = JSON.parse(list.dataset.texts);
const token = document.querySelector('meta[name="csrf-token"]')?.content;
const signIn = document.querySelector('meta[name="levelground-sign-in"]')?.content;
const scope = "alone" in list.dataset ? "alone" : (document.querySelector("[data-progress]")?.dataset.progress ?? "none");
const queue = new Queue(`lg-answers-${list.dataset.queue}`);
let sending = false;
let wait = 2000;
let timer = null;

const signedOut = (response) => response.redirected && new URL(response.url).pathname === signIn;

/** Send what waits, oldest first, one at a time, and then what has come meanwhile. */
async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let next = queue.waiting()[0]; next; next = queue.waiting()[0]) {
      if (!(await send(...next))) break;
    }
  } finally {
    sending = false;
  }
}

/** Send one answer. False when nothing can be sent for now. */
async function send(code, item) {
  const row = rowOf(code);
  if (row) status(row, "saving", texts.saving);
  let response;
  let page;
  try {
    const body = new URLSearchParams({ indicator: code, scope, ...item.sent });
    response = await fetch(list.dataset.answerUrl, { method: "POST", body, headers: { "X-CSRFToken": token } });
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return later(texts.offline);
  }
  if (signedOut(response)) {
    mark(texts.signedOut);
    return false;
  }
  if (response.status >= 500 || response.status === 429) return later(texts.queued);
  if (![200, 409, 422].includes(response.status)) {
    queue.hold(code);
    if (row) status(row, "failed", texts.refused);
    return true;
  }
  const fresh = page.querySelector("[data-row]");
  // Somebody else answered: the sign-in page of a wireless network, for one.
  if (fresh?.dataset.row !== code) return later(texts.queued);
  wait = 2000;
  if (response.ok) {
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

/** An answer changed: keep it here first, then send it. */
function changed(row) {
  const inWords = "words" in row.dataset;
  // Typing an answer that is asked for in words is answering it.
  if (inWords && !valueOf(row).value) row.querySelector('input[type=radio][value="met"]').checked = true;
  const { value, reason } = valueOf(row);
  if (!value) return;
  markRow(row, value);
  if ((value === "not_applicable" || (inWords && value === "met")) && !reason.trim()) {
    status(row, "queued", texts.reason);
    row.querySelector("textarea")?.focus();
    return;
  }
  queue.put(row.dataset.row, { value, reason, version: row.dataset.version });
  flush();
}

const typing = new Map();
list.addEventListener("change", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || !event.target.form?.matches("#answers")) return;
  if (row.querySelector(".lg-conflict")) choose(row, event.target);
  else changed(row);
});
list.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.target.tagName !== "TEXTAREA" || event.target.form?.id !== "answers") return;
  if (row.querySelector(".lg-conflict")) return;
  clearTimeout(typing.get(row));
  typing.set(row, setTimeout(() => typed(row), 700));
});
function typed(row) {
  typing.delete(row);
  changed(row);
}
// What was typed a moment before the page is left waits for the next one.
window.addEventListener("pagehide", () => [...typing.keys()].forEach(typed));

/** In a conflict, picking a side brings its reason; the button sends the decision. */
function choose(row, radio) {
  if (radio.type === "radio" && radio.dataset.reason) row.querySelector("textarea").value = radio.dataset.reason;
}
list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choose]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("[data-row]");
  const { value, reason } = valueOf(row);
  if (!value) return row.querySelector("input[type=radio]").focus();
  queue.put(row.dataset.row, { value, reason, version: row.querySelector('[name^="version-"]').value, whole: true });
  flush();
});

/** An action planned in place. */
list.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-row-form]");
  if (!form) return;
  event.preventDefault();
  const row = form.closest("[data-row]");
  try {
    const body = new FormData(form);
    body.set("scope", scope);
    const response = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": token, "X-Row": "1" } });
    if (signedOut(response)) return status(row, "failed", texts.signedOut);
    if (![200, 422].includes(response.status)) return status(row, "failed", texts.refused);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    showParts(row, page.querySelector("[data-row]"), page);
    if (response.ok) status(row, "saved", texts.planned);
    (row.querySelector("[aria-invalid]") ?? row.querySelector(".lg-plan summary"))?.focus();
  } catch {
    status(row, "failed", texts.notSent);
  } finally {
    delete form.dataset.sent;
  }
});

function move(step) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  if (!next) return;
  const field = next.querySelector("input[type=radio]:checked") ?? next.querySelector("input[type=radio]") ?? next;
  field.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
}
const answer = (value) => () => {
  const row = document.activeElement?.closest("[data-row]");
  row?.querySelector(`input[type=radio][value=${value}]`)?.click();
};
if (texts.next) {
  onKey("j", texts.next, () => move(1));
  onKey("k", texts.back, () => move(-1));
}
onKey("1", texts.met, answer("met"));
onKey("2", texts.notYet, answer("not_yet"));
onKey("3", texts.na, answer("not_applicable"));
if (texts.open) onKey("g", texts.open, () => document.activeElement?.closest("[data-row]")?.querySelector("[data-open]")?.click());

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
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
if (queue.size) flush();
