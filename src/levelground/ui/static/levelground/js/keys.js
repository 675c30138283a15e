// Single-key shortcuts. A page declares them in HTML (the `key` macro) or a module calls onKey; `?` lists them all.
const known = new Map();

/** Run `action` when `key` is pressed outside a field. `help` is what the list of keys says. */
export function onKey(key, help, action) {
  known.set(key, { help, action });
}

function isTyping(target) {
  if (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName)) return true;
  return target.tagName === "INPUT" && !["radio", "checkbox", "button", "submit"].includes(target.type);
}

function press(id) {
  const element = document.getElementById(id);
  if (!element) return;
  element.focus();
  if (!element.matches("input, textarea, select")) element.click();
}

function showList() {
  const dialog = document.querySelector("[data-keys]");
  const list = dialog?.querySelector("[data-keys-list]");
  if (!dialog || dialog.open) return;
  list.querySelectorAll("[data-added]").forEach((row) => row.remove());
  const first = list.firstElementChild;
  for (const [key, { help }] of known) {
    if (!help) continue;
    const row = document.createElement("div");
    row.dataset.added = "";
    const term = row.appendChild(document.createElement("dt"));
    term.appendChild(document.createElement("kbd")).textContent = key;
    row.appendChild(document.createElement("dd")).textContent = help;
    list.insertBefore(row, first);
  }
  dialog.showModal();
}

export function startKeys() {
  document.querySelectorAll("[data-key]").forEach((element) => {
    const { key, keyHelp, keyPress } = element.dataset;
    if (!known.has(key)) onKey(key, keyHelp, keyPress ? () => press(keyPress) : null);
  });
  document.querySelectorAll("[data-keys-open]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", showList);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const entry = known.get(event.key);
    if (entry?.action) {
      event.preventDefault();
      entry.action(event);
    } else if (event.key === "?") {
      event.preventDefault();
      showList();
    }
  });
}
