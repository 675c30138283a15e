import { texts } from "./texts.js";

/** Tell the person something in the page's message area, without moving the focus; `more` are nodes after the text. */
export function say(text, tone = "warning", ...more) {
  const main = document.getElementById("main");
  if (!main) return;
  let area = main.querySelector("[data-said]");
  if (!area) {
    area = document.createElement("div");
    area.dataset.said = "";
    area.setAttribute("role", "alert");
    main.prepend(area);
  }
  const banner = document.createElement("div");
  banner.className = `lg-banner lg-banner--${tone}`;
  banner.appendChild(document.createElement("p")).className = "lg-banner__text";
  banner.firstChild.textContent = text;
  banner.append(...more);
  area.replaceChildren(banner);
}

/** The line under the header that is there while there is no connection. */
export function startOffline() {
  const line = document.querySelector("[data-offline]");
  if (!line) return;
  const show = () => {
    line.hidden = navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

/** What htmx sends carries the CSRF token; what fails is said, unless the page says it itself. */
export function startHtmx() {
  const signIn = document.querySelector('meta[name="levelground-sign-in"]')?.content;
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  document.addEventListener("htmx:configRequest", (event) => {
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    // A redirect to the sign-in page would otherwise be swapped into the middle of this one.
    if (signIn && xhr.responseURL && new URL(xhr.responseURL).pathname === signIn) {
      event.detail.shouldSwap = false;
      say(texts.signedOut);
      return;
    }
    // A form that came back with errors is shown.
    if (xhr.status === 422 || xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (!event.target.closest?.("[data-own-errors]")) say(texts.requestFailed);
    });
  }
}

/** Two minutes before a quiet session ends, say so. Every answer of the server starts the time anew. */
export function startSession() {
  const seconds = Number(document.body.dataset.sessionSeconds);
  if (!seconds) return;
  let timer;
  const wind = () => {
    clearTimeout(timer);
    timer = setTimeout(() => say(texts.sessionSoon), Math.min(Math.max(seconds - 120, 1) * 1000, 2 ** 31 - 1));
  };
  for (const heard of ["htmx:afterOnLoad", "levelground:heard"]) document.addEventListener(heard, wind);
  wind();
}
