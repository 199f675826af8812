/* The portal as an app: a page for when there is no network, the number of waiting matters on the
   icon, and, only where the person said so for this device, their papers and appointments.
   Loaded on pages of somebody who is signed in; every page works without this file. */
(() => {
  "use strict";

  if (!("serviceWorker" in navigator && "caches" in window)) return;

  const SHELL = { book: "shell-1", path: "/offline/" };
  const OWN = { book: "kept-1", path: "/my/kept/" };
  const DAY = 24 * 60 * 60 * 1000;
  const panel = document.querySelector("[data-kept]");

  const found = async ({ book, path }) => (await caches.has(book)) && (await caches.open(book)).match(path);

  // A page with all that it needs to look like one.
  const keep = async ({ book, path }) => {
    const answer = await fetch(path, { redirect: "error", cache: "no-store" });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const words = await answer.clone().text();
    const parts = [...words.matchAll(/href="(\/static\/[^"#]+)/g)].map((match) => match[1]);
    await caches.delete(book);
    const shelf = await caches.open(book);
    await shelf.addAll([...new Set(parts)]);
    await shelf.put(path, answer);
  };

  const renew = async (page) => {
    const kept = await found(page);
    if (kept && Date.now() - Date.parse(kept.headers.get("date")) < DAY) return;
    await keep(page);
  };

  const say = (state) => {
    for (const part of panel?.querySelectorAll("[data-kept-state]") ?? []) {
      part.hidden = part.dataset.keptState !== state;
    }
  };

  const look = async () => {
    const kept = await found(OWN);
    if (!kept) return say("off");
    // Somebody else signed in on this device: what was kept for another goes.
    if (!(await kept.text()).includes(`data-person="${document.body.dataset.person}"`)) {
      await caches.delete(OWN.book);
      return say("off");
    }
    await renew(OWN).catch(() => undefined);
    return say("on");
  };

  const waiting = document.querySelector("[data-waiting]");
  if (waiting) navigator.setAppBadge?.(Number(waiting.dataset.waiting)).catch(() => undefined);

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-forget]")) return;
    caches.delete(OWN.book);
    navigator.clearAppBadge?.().catch(() => undefined);
  });
  panel?.addEventListener("click", async (event) => {
    const press = event.target.closest("[data-kept-press]");
    if (!press) return;
    press.setAttribute("aria-busy", "true");
    try {
      if (press.dataset.keptPress === "keep") await keep(OWN);
      else await caches.delete(OWN.book);
      await look();
    } catch {
      say("failed");
    }
    press.removeAttribute("aria-busy");
  });

  navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => undefined);
  renew(SHELL).catch(() => undefined);
  look().catch(() => say("failed"));
})();
