// Keys: from row to row, an answer, the indicator's own page.
import { onKey } from "../../levelground/js/keys.js";

export function startMoving(list, texts) {
  const here = () => document.activeElement?.closest("[data-row]");
  const answer = (value) => () => {
    const radio = here()?.querySelector(`input[type=radio][value=${value}]`);
    // Arrow keys go on from what is chosen now.
    radio?.focus({ preventScroll: true });
    radio?.click();
  };

  function move(step) {
    const rows = [...list.querySelectorAll("[data-row]")];
    const now = rows.indexOf(here());
    const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
    if (!next) return;
    const field = next.querySelector("input[type=radio]:checked") ?? next.querySelector("input[type=radio]") ?? next;
    field.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  }

  if (texts.next) {
    onKey("j", texts.next, () => move(1));
    onKey("k", texts.back, () => move(-1));
  }
  onKey("1", texts.met, answer("met"));
  onKey("2", texts.notYet, answer("not_yet"));
  onKey("3", texts.na, answer("not_applicable"));
  if (texts.open) onKey("g", texts.open, () => here()?.querySelector("[data-open]")?.click());
}
