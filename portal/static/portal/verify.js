/* Checks the signed text of a paper's QR in the browser alone: the form, then the signature (WebCrypto, Ed25519).
   The form is that of notifications/rules/notices.py. */
(() => {
  "use strict";

  const form = document.querySelector("[data-verify]");
  if (!form) return;
  const FIELDS = /^1~([TH])~([A-Z0-9.-]{8,40})~([A-Z0-9.]{0,30})~(20\d{2})(\d{2})(\d{2})$/;

  const bytesOf = (letters) => {
    const binary = atob(letters.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  };
  // One spelling only: the last letter of a signature has bits that say nothing.
  const signatureOf = (letters) => {
    if (!/^[A-Za-z0-9_-]{86}$/.test(letters)) return null;
    const bytes = bytesOf(letters);
    const again = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    return again === letters ? bytes : null;
  };

  const read = (typed) => {
    const text = typed.trim().replace(/\/+$/, "").split("/").pop();
    const cut = text.lastIndexOf("~");
    const payload = text.slice(0, cut);
    const found = FIELDS.exec(payload);
    const signature = signatureOf(text.slice(cut + 1));
    return found && signature ? { payload, found, signature } : null;
  };

  const isSigned = async ({ payload, signature }) => {
    const statement = new TextEncoder().encode(`portal notice ${payload}`);
    for (const half of form.dataset.keys.split(" ")) {
      const key = await crypto.subtle.importKey("raw", bytesOf(half), { name: "Ed25519" }, false, ["verify"]);
      if (await crypto.subtle.verify({ name: "Ed25519" }, key, signature, statement)) return true;
    }
    return false;
  };

  const show = (verdict) => {
    for (const part of document.querySelectorAll("[data-verdict]")) part.hidden = part.dataset.verdict !== verdict;
  };
  const fill = ([, kind, code, agency, year, month, day]) => {
    const fact = (name) => document.querySelector(`[data-fact="${name}"]`);
    fact("kind").textContent = kind === "T" ? fact("kind").dataset.letter : fact("kind").dataset.slip;
    fact("code").textContent = kind === "T" ? `${code.slice(0, 4)}-${code.slice(4)}` : code;
    fact("agency").textContent = agency || fact("agency").dataset.own;
    fact("day").textContent = `${day}/${month}/${year}`;
  };

  form.querySelector("button").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const notice = read(form.querySelector("textarea").value);
    if (!notice) return show("false");
    try {
      if (!(await isSigned(notice))) return show("false");
    } catch {
      return show("unable");
    }
    fill(notice.found);
    return show("genuine");
  });
})();
