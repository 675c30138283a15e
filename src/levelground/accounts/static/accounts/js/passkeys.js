// Signing in with a passkey, and making one. Without this script the page says that a passkey needs scripts.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** The server's JSON as the browser wants it: what is binary as bytes. */
function options(json) {
  const found = { ...json.publicKey, challenge: toBytes(json.publicKey.challenge) };
  if (found.user) found.user = { ...found.user, id: toBytes(found.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (found[list]) found[list] = found[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return { publicKey: found };
}

/** The browser's answer as JSON. */
function answer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function ask(form) {
  if (form.dataset.passkey === "login") {
    const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(`The server answered ${reply.status}.`);
    return navigator.credentials.get(options((await reply.json()).request_options));
  }
  const wanted = options(JSON.parse(form.dataset.passkeyOptions));
  if (form.dataset.passkey === "get") return navigator.credentials.get(wanted);
  const alone = form.elements.passwordless?.checked ?? false;
  Object.assign((wanted.publicKey.authenticatorSelection ??= {}), {
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  });
  return navigator.credentials.create(wanted);
}

function start(form) {
  const note = form.querySelector("[data-passkey-error]");
  const without = form.querySelector("[data-passkey-without]");
  if (!window.PublicKeyCredential) {
    without.textContent = form.dataset.passkeyUnknown;
    return;
  }
  without.hidden = true;
  form.querySelector("[data-passkey-button]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    note.hidden = true;
    try {
      form.elements.credential.value = answer(await ask(form));
      form.submit();
    } catch (error) {
      // SecurityError: the address of the page cannot have passkeys, for example a bare number.
      note.textContent = error.name === "SecurityError" ? form.dataset.passkeyUnknown : form.dataset.passkeyFailed;
      note.hidden = false;
    }
  });
}

document.querySelectorAll("form[data-passkey]").forEach(start);
