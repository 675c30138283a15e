// An action planned in its row: its fields are sent by themselves, so that the page stays where it is.
import { post } from "../../levelground/js/outbox.js";
import { rowOf, showParts, status } from "./rows.js";

export function startPlanning(list, { texts, scope }) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-plan-add]");
    if (!button) return;
    event.preventDefault();
    add(button.closest("[data-plan]"));
  });
  // Enter would send the page's whole form. Answers are saved by themselves.
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches('input[form="answers"]')) return;
    event.preventDefault();
    const fields = event.target.closest("[data-plan]");
    if (fields) add(fields);
  });

  async function add(fields) {
    if (fields.dataset.sent) return;
    fields.dataset.sent = "yes";
    const code = fields.closest("[data-row]").dataset.row;
    const body = new URLSearchParams([...fields.querySelectorAll("input, select")].map(({ name, value }) => [name, value]));
    body.set("scope", scope);
    const { outcome, row: fresh, page } = await post(fields.dataset.plan, body, code, { "X-Row": "1" });
    delete fields.dataset.sent;
    const row = rowOf(code);
    if (outcome === "signedOut") return status(row, "failed", texts.signedOut);
    if (outcome === "gone" || outcome === "refused") return status(row, "failed", texts.refused);
    if (!fresh) return status(row, "failed", texts.notSent);
    showParts(row, fresh, page, "plan");
    if (outcome === "saved") status(row, "saved", texts.planned);
    // What came back to be put right is typed text still: leaving the page asks first.
    row.querySelector("[data-plan] [aria-invalid]")?.dispatchEvent(new Event("input", { bubbles: true }));
    (row.querySelector("[aria-invalid]") ?? row.querySelector(".lg-plan summary"))?.focus();
  }
}
