// How a row shows what became of its answer.
export const rowOf = (code) => document.querySelector(`[data-row="${CSS.escape(code)}"]`);

export function valueOf(row) {
  const radio = row.querySelector("input[type=radio]:checked");
  return {
    // In a conflict the radios say whose answer; that answer is beside them.
    value: radio?.dataset.value ?? radio?.value ?? "",
    said: radio?.closest("label").textContent.trim() ?? "",
    reason: row.querySelector('textarea[name^="reason-"]')?.value ?? "",
  };
}

export function status(row, state, text) {
  const place = row.querySelector("[data-saved]");
  if (!place || (place.textContent === text && place.matches(`.lg-saved--${state}`))) return;
  place.className = `lg-saved lg-saved--${state}`;
  place.textContent = text;
}

/** The warm panel belongs to "not yet" alone: it goes at once when the answer changes. */
export function markRow(row, value) {
  const plan = row.querySelector(".lg-plan");
  if (plan) plan.hidden = value !== "not_yet";
}

/** Saved: the radios and the text keep the focus; only what follows from the answer is replaced. */
export function showSaved(row, fresh, page, newer) {
  row.dataset.version = fresh.dataset.version;
  if (row.querySelector(".lg-conflict") || fresh.querySelector(".lg-conflict")) {
    swap(row, fresh, fresh);
    return;
  }
  for (const input of fresh.querySelectorAll('input[type=hidden][form="answers"]')) {
    const mine = row.querySelector(`input[type=hidden][name="${CSS.escape(input.name)}"]`);
    if (mine) mine.value = input.value;
  }
  row.classList.toggle("lg-ind--problem", false);
  if (!newer) status(row, "saved", fresh.querySelector("[data-saved]")?.textContent ?? "");
  showParts(row, fresh, page);
}

/** What follows from the answer, and the page's progress. The answer itself and its version stay as this page knows
 * them: should a colleague have changed it, the next save finds that out. What the person works in stays too, unless it
 * is the `sent` part itself. */
export function showParts(row, fresh, page, sent = "") {
  recount(row, fresh);
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = row.querySelector(`[data-part="${part.dataset.part}"]`);
    if (old && (part.dataset.part === sent || !inUse(old))) old.replaceWith(part);
  }
  const progress = page.querySelector("[data-progress-new]");
  const shown = document.querySelector("[data-progress]");
  if (progress && shown) showProgress(progress, shown);
}

/** Whether the focus is in a part, or something was typed or chosen there, or came back to be put right. */
function inUse(part) {
  if (part.contains(document.activeElement) || part.querySelector("[aria-invalid]")) return true;
  const untouched = (field) =>
    field.tagName === "SELECT"
      ? field.selectedIndex === Math.max([...field.options].findIndex((option) => option.defaultSelected), 0)
      : field.value === field.defaultValue;
  return ![...part.querySelectorAll("input, select")].every(untouched);
}

/** Not saved: the row says what is missing, or shows both answers. */
export function showProblem(row, fresh) {
  swap(row, fresh, fresh.querySelector("[aria-invalid]") ?? fresh.querySelector(".lg-conflict input[type=radio]") ?? fresh);
}

/** The focus moves only for a person who is in this row: whoever works in another one goes on there. */
function swap(row, fresh, field) {
  const here = row.contains(document.activeElement);
  // An action that is half written there stays.
  const plan = row.querySelector('[data-part="plan"]');
  if (plan && inUse(plan)) fresh.querySelector('[data-part="plan"]')?.replaceWith(plan);
  row.replaceWith(fresh);
  if (here) field.focus();
}

/** The counts of the filters that this row has come into or gone out of. */
function recount(row, fresh) {
  const marks = (one) => (one.dataset.marks ?? "").split(" ").filter(Boolean);
  const [before, after] = [marks(row), marks(fresh)];
  for (const name of new Set([...before, ...after])) {
    const place = document.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = Number(place.textContent) + after.includes(name) - before.includes(name);
  }
  row.dataset.marks = after.join(" ");
}

function showProgress(progress, shown) {
  for (const [name, count] of Object.entries(JSON.parse(progress.dataset.counts))) {
    const place = document.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = count;
  }
  shown.replaceChildren(...progress.childNodes);
  const strip = document.querySelector("[data-strip]");
  if (strip) strip.textContent = shown.querySelector("[data-progress-text]").textContent;
}
