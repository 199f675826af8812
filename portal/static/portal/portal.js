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

  // Buttons that need script are hidden in the page and shown here.
  for (const button of document.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;
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
