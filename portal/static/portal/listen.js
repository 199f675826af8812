/* A transcript beside its sound: a press on a time is heard from there, and the paragraph that is heard is marked. */
(() => {
  "use strict";

  const sound = document.querySelector(".heard audio");
  const words = document.querySelector("[data-transcript]");
  if (!sound || !words) return;
  const said = [...words.querySelectorAll("[data-at]")];
  if (said.length === 0) return;
  const begins = (paragraph) => Number(paragraph.dataset.at);

  const hear = (at) => {
    sound.currentTime = at;
    sound.play().catch(() => {});
  };

  for (const paragraph of said) {
    const mark = paragraph.querySelector(".heard__mark");
    const button = document.createElement("button");
    button.type = "button";
    button.className = mark.className;
    button.textContent = mark.textContent;
    button.setAttribute("aria-label", `${words.dataset.from} ${mark.textContent}`);
    button.addEventListener("click", () => hear(begins(paragraph)));
    mark.replaceWith(button);
  }

  const mark = () => {
    const now = sound.currentTime + 0.05;
    const heard = sound.ended ? undefined : said.findLast((paragraph) => begins(paragraph) <= now);
    for (const paragraph of said) {
      if (paragraph === heard) paragraph.setAttribute("aria-current", "true");
      else paragraph.removeAttribute("aria-current");
    }
  };
  for (const event of ["timeupdate", "seeked", "ended"]) sound.addEventListener(event, mark);

  const hint = document.querySelector("[data-heard-hint]");
  hint.textContent = hint.dataset.heardHint;
  hint.hidden = false;
})();
