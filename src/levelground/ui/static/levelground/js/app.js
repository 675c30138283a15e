// Makes pages quicker and kinder; each works without it.
import { startHtmx, startOffline, startSession } from "./connection.js";
import { startDropZones, startErrorSummary, startFileSizes, startGuard, startOnce, startPasswords } from "./forms.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startOutbox, startSignOut } from "./outbox.js";

document.documentElement.classList.replace("no-js", "js");
for (const start of [
  startMenus, startHtmx, startOffline, startSession, startPasswords, startDropZones, startFileSizes, startGuard, startSignOut,
  startOnce, startErrorSummary, startKeys, startOutbox,
]) {
  start();
}
if ("serviceWorker" in navigator && window.isSecureContext) {
  // Without it the browser's own offline page is shown: nothing else depends on it.
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}
