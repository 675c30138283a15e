import { texts } from "./texts.js";

/** After a form came back with errors: to the summary, and from its links to the fields. */
export function startErrorSummary() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const group = field.closest("fieldset") ?? document.querySelector(`label[for="${CSS.escape(field.id)}"]`) ?? field;
    group.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
}

/** Forms, and fields within a larger form, that are marked data-guard: ask before typed text is lost. */
export function startGuard() {
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const guarded = event.target.closest?.("[data-guard]");
    if (guarded) changed.add(guarded);
  });
  document.addEventListener("submit", (event) => changed.delete(event.target));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) changed.delete(event.target.closest?.("form"));
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((guarded) => guarded.isConnected)) {
      event.preventDefault();
      event.returnValue = texts.leaveUnsaved;
    }
  });
}

/** A second press while the first is on its way would send the form twice. */
export function startOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    else if (form.method === "post" && !form.matches("[hx-post], [data-many]")) form.dataset.sent = "yes";
  });
  // The back button may bring the page back as it was left.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
}

/** Password fields can be shown. */
export function startPasswords() {
  document.querySelectorAll('input[type="password"]').forEach((field) => {
    const box = document.createElement("div");
    box.className = "lg-password";
    field.replaceWith(box);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lg-button lg-button--quiet lg-button--small";
    button.setAttribute("aria-controls", field.id);
    const status = document.createElement("span");
    status.className = "lg-hide";
    status.setAttribute("role", "status");
    const show = (shown, say) => {
      field.type = shown ? "text" : "password";
      button.textContent = shown ? texts.hidePassword : texts.showPassword;
      if (say) status.textContent = shown ? texts.passwordShown : texts.passwordHidden;
    };
    show(false, false);
    button.addEventListener("click", () => show(field.type === "password", true));
    field.form?.addEventListener("submit", () => show(false, false));
    box.append(field, button, status);
  });
}

/** A file that is too big is said so at once, and not sent: it would take the rest of the form with it. */
export function startFileSizes() {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type !== "file" || !field.dataset.mostBytes) return;
    const group = field.closest(".nhsuk-form-group");
    group.querySelector("[data-too-big-said]")?.remove();
    const tooBig = [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));
    group.classList.toggle("nhsuk-form-group--error", tooBig || group.querySelector(".nhsuk-error-message") !== null);
    if (!tooBig) return;
    field.value = "";
    const said = document.createElement("span");
    said.className = "nhsuk-error-message";
    said.dataset.tooBigSaid = "";
    said.setAttribute("role", "alert");
    said.textContent = field.dataset.tooBig;
    field.before(said);
  });
}

/** File fields take a dropped file too. The field itself stays: keyboard and screen readers use it as ever. */
export function startDropZones() {
  document.querySelectorAll("[data-drop]").forEach((zone) => {
    const field = zone.querySelector('input[type="file"]');
    if (!field || field.disabled) return;
    const text = document.createElement("p");
    text.className = "lg-drop__text";
    text.textContent = texts.dropHere;
    text.setAttribute("aria-hidden", "true");
    zone.append(text);
    const over = (on) => zone.classList.toggle("lg-drop--over", on);
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(true);
    });
    zone.addEventListener("dragleave", () => over(false));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      const dropped = event.dataTransfer.files;
      if (!dropped.length) return;
      const chosen = new DataTransfer();
      [...dropped].slice(0, field.multiple ? dropped.length : 1).forEach((file) => chosen.items.add(file));
      field.files = chosen.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
}
