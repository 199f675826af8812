/* The officials' pages work without this: it adds keys, and lets a form be sent once. */
(() => {
  "use strict";

  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog") !== null;

  const rowLinks = () => [...document.querySelectorAll("[data-queue] .queue__open")];

  const move = (step) => {
    const links = rowLinks();
    if (links.length === 0) return;
    const row = document.activeElement?.closest("tr");
    const at = links.findIndex((link) => link.closest("tr") === row);
    const next = at === -1 ? (step > 0 ? 0 : links.length - 1) : at + step;
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
  };

  const boxes = () => [...document.querySelectorAll("[data-pick]")];

  const counted = () => {
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    document.querySelectorAll("[data-picked]").forEach((word) => {
      word.textContent = chosen;
    });
    const whole = document.querySelector("[data-pick-all]");
    if (!whole) return;
    whole.closest("[data-pick-all-label]").hidden = false;
    whole.checked = chosen > 0 && chosen === all.length;
    whole.indeterminate = chosen > 0 && chosen < all.length;
  };

  const pick = () => {
    const box = document.activeElement?.closest("tr")?.querySelector("[data-pick]");
    if (!box) return;
    box.checked = !box.checked;
    counted();
  };

  document.addEventListener("change", (event) => {
    const all = event.target.matches("[data-pick-all]");
    if (all) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (all || event.target.matches("[data-pick]")) counted();
  });
  document.addEventListener("DOMContentLoaded", counted);

  // Arrows move in the list once it has the focus; elsewhere they scroll, as everywhere.
  const inList = () => document.activeElement?.closest("[data-queue]") !== null;
  const arrow = (step) => (inList() ? move(step) : false);

  // On a dossier that was opened from a list there are no rows: one goes along the list itself.
  const go = (step, way) => {
    const link = document.querySelector(way);
    if (link) link.click();
    else move(step);
  };

  const KEYS = {
    j: () => go(1, "[data-next]"),
    k: () => go(-1, "[data-previous]"),
    ArrowDown: () => arrow(1),
    ArrowUp: () => arrow(-1),
    x: pick,
    "?": () => document.querySelector("[data-keys]")?.showModal(),
    "/": () => document.querySelector("[data-search]")?.focus(),
    a: () => document.querySelector("[data-main]")?.focus(),
    u: () => document.querySelector("[data-back]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = KEYS[event.key];
    if (!act || !document.querySelector(".desk")) return;
    if (act() !== false) event.preventDefault();
  });

  // A text of the agency goes behind what stands in the reason; one that does not fit is not cut.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-insert-label]").forEach((label) => { label.hidden = false; });
  });
  document.addEventListener("change", (event) => {
    const list = event.target;
    if (!list.matches("[data-insert]") || !list.value) return;
    const form = list.closest("form");
    const reason = form.querySelector("textarea[name=note]");
    const text = [reason.value.trim(), list.value].filter(Boolean).join("\n");
    const fits = text.length <= reason.maxLength;
    form.querySelector("[data-insert-full]").hidden = fits;
    if (fits) reason.value = text;
    list.value = "";
    reason.focus();
  });

  // unfold hides the page until its own script has run: the browser's autofocus comes too early.
  const focusFirst = () => {
    if (document.activeElement === document.body) document.querySelector(".desk [autofocus]")?.focus();
  };
  document.addEventListener("alpine:initialized", () => window.requestAnimationFrame(focusFirst));
  window.addEventListener("load", () => window.requestAnimationFrame(focusFirst));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.querySelector("button[name]")?.setAttribute("aria-disabled", "true");
  });

  // unfold writes a chosen file's name into a field of its own, which the desk's forms do not have.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".desk input[type=file]").forEach((input) => {
      input.hasChangeListener = true;
    });
  });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("[data-once]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelector("button[name]")?.removeAttribute("aria-disabled");
    });
  });
})();
