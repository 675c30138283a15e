// Answers that could not be sent at once wait on this device, each in an entry of its own in the browser's store:
// lg-answers-<workbook>-<person>:<code>. workbook.js puts them there; any page that its person opens sends them.
import { say } from "./connection.js";
import { texts } from "./texts.js";

const STORE = "lg-answers-";
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;

/** The names of all entries; none where the browser keeps nothing. */
export function names(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

/** An entry, or nothing where there is none or it cannot be read. */
export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** What waits for the person who is signed in, oldest first. Others' answers wait for them. */
export function waiting() {
  const person = meta("levelground-person");
  if (!person) return [];
  return names(STORE)
    .filter((name) => name.split(":")[0].endsWith(`-${person}`))
    .map((name) => ({ name, code: name.slice(name.indexOf(":") + 1), item: read(name) }))
    .filter(({ item }) => item?.sent)
    .sort((one, other) => one.item.at - other.item.at);
}

function drop({ name, item }) {
  if (read(name)?.at === item.at) localStorage.removeItem(name);
}

/** Post a form of the workbook; a page that is being left does not stop it. What came back, or what went wrong. */
export async function post(url, body, code, headers = {}) {
  let response;
  let page;
  try {
    headers = { ...headers, "X-CSRFToken": meta("csrf-token") };
    response = await fetch(url, { method: "POST", body, keepalive: true, headers });
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return { outcome: "offline" };
  }
  if (response.redirected && new URL(response.url).pathname === meta("levelground-sign-in")) return { outcome: "signedOut" };
  if (response.status >= 500 || response.status === 429) return { outcome: "later" };
  if (![200, 409, 422].includes(response.status)) return { outcome: response.status === 404 ? "gone" : "refused" };
  const row = page.querySelector("[data-row]");
  // Somebody else answered: the sign-in page of a wireless network, for one.
  if (row?.dataset.row !== code) return { outcome: "later" };
  document.dispatchEvent(new Event("levelground:heard"));
  return { outcome: response.ok ? "saved" : "undecided", row, page };
}

/** Send what waits, but not what begins with `but`. What is left, each with its outcome. */
async function sendWaiting(but = "") {
  const left = [];
  let stopped = "";
  for (const one of waiting().filter(({ name }) => !but || !name.startsWith(but))) {
    const { url, sent } = one.item;
    const body = new URLSearchParams({ indicator: one.code, scope: "none", ...sent });
    const { outcome } = stopped || !url ? { outcome: stopped || "later" } : await post(url, body, one.code);
    if (outcome === "saved") drop(one);
    else left.push({ ...one, outcome });
    if (["offline", "signedOut", "later"].includes(outcome)) stopped = outcome;
  }
  return left;
}

/** A line about an answer that waits: a link to decide or try there, or its words and a way to let go of it. */
function line(one) {
  const item = document.createElement("li");
  const where = one.item.url?.replace(/answer\/$/, `indicator/${one.code}/`);
  if (!["gone", "refused"].includes(one.outcome) && where) {
    const link = item.appendChild(document.createElement("a"));
    link.href = where;
    link.textContent = one.code;
    return item;
  }
  item.append(`${one.code}: ${[one.item.said, one.item.sent.reason].filter(Boolean).join(" – ")} `);
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "lg-link-button";
  button.textContent = texts.discard;
  button.addEventListener("click", () => {
    drop(one);
    item.textContent = texts.discarded;
  });
  return item;
}

/** Say which answers wait, and which can no longer be saved at all. */
export function sayLeft(left) {
  const lost = left.filter(({ outcome }) => ["gone", "refused"].includes(outcome));
  const shown = lost.length ? lost : left;
  if (!shown.length) return;
  const list = document.createElement("ul");
  list.className = "lg-last";
  list.append(...shown.map(line));
  say(lost.length ? texts.answersLost : texts.answersWait, "warning", list);
}

/** On every page: send what waits from another one. A page of rows sees to its own. */
export function startOutbox() {
  const own = document.querySelector("[data-queue]")?.dataset.queue;
  const run = async () => {
    const but = own ? `${STORE}${own}:` : "";
    const old = waiting().filter(({ name, item }) => (!but || !name.startsWith(but)) && Date.now() - item.at > 60_000);
    const left = await sendWaiting(but);
    if (left.length) sayLeft(left);
    else if (old.length) say(texts.answersSent, "success");
  };
  window.addEventListener("online", run);
  run();
}

/** Signing out on what is perhaps a shared computer: send what waits, else ask what should become of it. */
export function startSignOut() {
  const out = async (form) => {
    const left = navigator.onLine ? await sendWaiting() : waiting();
    if (!left.length || (await mayDelete(left))) {
      waiting().forEach(drop);
      form.submit();
    } else {
      sayLeft(left);
    }
  };
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches?.('form[action$="/logout/"]') || !waiting().length) return;
      event.preventDefault();
      out(event.target);
    },
    true,
  );
}

/** Ask whether to sign out although these answers are then deleted here. */
function mayDelete(left) {
  const dialog = document.createElement("dialog");
  dialog.className = "lg-dialog";
  dialog.setAttribute("aria-labelledby", "lg-out-title");
  const title = dialog.appendChild(document.createElement("h2"));
  title.id = "lg-out-title";
  title.className = "lg-dialog__title";
  title.textContent = texts.outTitle;
  dialog.appendChild(document.createElement("p")).textContent = `${texts.outText} ${left.map(({ code }) => code).join(", ")}`;
  const form = dialog.appendChild(document.createElement("form"));
  form.method = "dialog";
  form.className = "lg-buttons";
  for (const [value, text, kind] of [["stay", texts.outStay, ""], ["go", texts.outDelete, " lg-button--quiet"]]) {
    const button = form.appendChild(document.createElement("button"));
    button.value = value;
    button.className = `lg-button${kind}`;
    button.textContent = text;
  }
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "go");
    });
  });
}
