/* The little that HTML cannot do alone. Every page works without this file. */
(() => {
  "use strict";

  // A summary of errors is read first.
  document.querySelector("[data-focus]")?.focus();

  // A menu closes when the reader turns to something else.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-menu][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  const release = () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
  };

  // A second press must not file twice; the server refuses it anyway, this spares the worry.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    window.setTimeout(release, 8000); // a lost connection must not lock the page
  });
  window.addEventListener("pageshow", release);

  // Somebody who reads slowly is asked before their session ends, and stays by one press.
  const ending = document.querySelector("dialog[data-session]");
  if (ending) {
    const WARNED = 5 * 60 * 1000;
    const lives = Number(ending.dataset.session) * 1000;
    let ends = Date.now() + lives;
    const look = () => {
      const left = ends - Date.now();
      if (left > WARNED) return;
      for (const part of ending.querySelectorAll("[data-session-part]")) {
        part.hidden = part.dataset.sessionPart !== (left > 0 ? "near" : "over");
      }
      if (!ending.open) ending.showModal();
    };
    ending.addEventListener("submit", async (event) => {
      event.preventDefault();
      const form = event.target;
      try {
        const sent = { method: "POST", body: new FormData(form), redirect: "error" };
        const answer = await fetch(form.action, sent);
        if (!answer.ok) throw new Error(String(answer.status));
        ends = Date.now() + lives;
        ending.close();
      } catch {
        ends = Math.min(ends, Date.now());
        look();
      }
    });
    ending.addEventListener("cancel", () => ending.querySelector("form").requestSubmit());
    window.setInterval(look, 15_000);
    document.addEventListener("visibilitychange", look);
  }

  // What could not be kept is said; it is kept once the network or the same person is back.
  let isUnsaved = false;
  const onUnsaved = ({ detail }) => {
    const words = document.querySelector("template[data-unsaved]");
    if (detail.target?.id !== "saved" || !words) return;
    isUnsaved = true;
    detail.target.replaceChildren(words.content.cloneNode(true));
  };
  const keepAgain = async () => {
    if (!isUnsaved || document.hidden) return;
    const answer = await fetch(location.href, { redirect: "error" }).catch(() => undefined);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.body.dataset.person !== document.body.dataset.person) return;
    const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    isUnsaved = false;
    document.querySelector('form[hx-target="#saved"]').dispatchEvent(new Event("change"));
  };
  document.addEventListener("htmx:sendError", onUnsaved);
  document.addEventListener("htmx:responseError", onUnsaved);
  document.addEventListener("visibilitychange", keepAgain);
  window.addEventListener("focus", keepAgain);
  window.addEventListener("online", keepAgain);

  // What comes late pushes down what stands below it: who stands there by keys is kept in sight.
  let wasInSight = false;
  const isInSight = (place) => place.bottom > 0 && place.top < window.innerHeight;
  document.addEventListener("htmx:beforeSwap", () => {
    wasInSight = isInSight(document.activeElement.getBoundingClientRect());
  });
  document.addEventListener("htmx:afterSettle", () => {
    const on = document.activeElement;
    if (!wasInSight || on === document.body || isInSight(on.getBoundingClientRect())) return;
    on.scrollIntoView({ block: "nearest", behavior: "instant" });
  });

  // What needs script, or speaks of it, is hidden in the page and shown here.
  for (const part of document.querySelectorAll("[data-print], [data-copy], [data-scripted]")) part.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-print], [data-copy]");
    if (!button) return;
    if (button.hasAttribute("data-print")) {
      window.print();
      return;
    }
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.querySelector("[data-said]").textContent = button.dataset.done;
    } catch {
      button.hidden = true;
    }
  });
})();
