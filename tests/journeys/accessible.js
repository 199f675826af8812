/* What axe does not ask, of the page that is open: a list of faults, empty when all is well. */
() => {
  const faults = [];
  const html = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const fault = (what, element) => faults.push(element ? `${what}: ${html(element)}` : what);
  const box = (element) => element.getBoundingClientRect();
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && box(element).width > 1;
  const seen = (selector, root = document) => [...root.querySelectorAll(selector)].filter(isSeen);
  const controls = "a[href], button, summary, select, textarea, input:not([type=hidden])";

  // The width: nothing scrolls sideways, but in a region of its own that has a name and the focus.
  if (document.documentElement.scrollWidth > window.innerWidth) fault("wider than the screen");
  for (const element of seen("body *")) {
    const { overflowX } = getComputedStyle(element);
    const scrolls = overflowX === "auto" || overflowX === "scroll";
    if (!scrolls || element.scrollWidth <= element.clientWidth + 1) continue;
    if (element.matches("textarea, input, select")) continue;
    const isNamed = element.hasAttribute("aria-label") || element.hasAttribute("aria-labelledby");
    if (element.tabIndex !== 0 || !isNamed || !element.role) fault("scrolls unnamed", element);
  }

  // The targets (2.5.8): 24 by 24, links within a sentence aside; what is a button, 44 high.
  const target = (element) => {
    const own = box(element);
    const sides = [own.width, own.height];
    for (const label of element.labels ?? []) {
      sides[0] = Math.max(sides[0], box(label).width);
      sides[1] = Math.max(sides[1], box(label).height);
    }
    return sides.map(Math.round);
  };
  const isInSentence = (element) =>
    getComputedStyle(element).display === "inline" &&
    element.parentElement.innerText.trim().length > element.innerText.trim().length;
  for (const element of seen(controls)) {
    // A hexagon of the map has its equivalent in the table below it (2.5.8).
    if (element.matches(".skip, .map__drawing a") || isInSentence(element)) continue;
    const [wide, high] = target(element);
    if (wide < 24 || high < 24) fault(`${wide} by ${high} is too small`, element);
    else if (element.matches("main .button, main [type=submit]") && high < 44) {
      fault(`an action ${high} high`, element);
    }
  }

  // Headings: one of the first rank, before all others, and none that jumps.
  let rank = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (!heading.checkVisibility({ visibilityProperty: true })) continue;
    const own = Number(heading.tagName[1]);
    if (own > rank + 1) fault(`a heading jumps from ${rank} to ${own}`, heading);
    if (own === 1 && rank) fault("a second first heading", heading);
    rank = own;
  }
  if (!rank) fault("no heading");

  // Landmarks: one of each, and names that differ where there are several of a kind.
  const many = { nav: "nav, [role=navigation]", aside: "aside", region: "section, [role=region]" };
  const isFramed = Boolean(document.querySelector(".site-header")); // not so a kiosk, a screen
  for (const single of isFramed ? ["main", "body > header", "body > footer"] : ["main"]) {
    if (seen(single).length !== 1) fault(`${seen(single).length} of ${single}`);
  }
  const nameOf = (element) =>
    element.getAttribute("aria-label") ??
    (element.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.innerText ?? "")
      .join(" ")
      .trim();
  for (const [kind, selector] of Object.entries(many)) {
    const found = seen(selector).filter((one) => kind !== "region" || one.role || nameOf(one));
    const names = found.map(nameOf);
    if (found.length < 2) continue;
    found.forEach((one, at) => {
      if (!names[at]) fault(`one of ${found.length} without a name`, one);
      else if (names.indexOf(names[at]) !== at) fault(`the name “${names[at]}” twice`, one);
    });
  }

  // The order in which the keyboard goes is that in which the eye goes.
  let before = null;
  for (const element of seen(controls, document.querySelector(".page__main") ?? document.body)) {
    if (element.matches(".skip")) continue;
    const isOneColumn = window.innerWidth < 500;
    if (before && isOneColumn && box(element).bottom <= box(before).top) {
      fault("read after what stands below it", element);
    }
    before = element;
  }

  // What changes by itself is said: the part itself, or a line that is changed with it.
  const isLive = (found) => found?.closest("[role=status], [role=alert], [role=log], [aria-live]");
  for (const element of document.querySelectorAll("[hx-target]")) {
    const beside = (element.getAttribute("hx-select-oob") ?? "").split(",");
    const changed = [element.getAttribute("hx-target"), ...beside.map((one) => one.split(":")[0])];
    if (!changed.some((one) => one && isLive(document.querySelector(one.trim())))) {
      fault("changes in silence", element);
    }
  }

  // Vietnamese is marked as such on an English page; names of people and places go without (3.1.2).
  if (document.documentElement.lang === "en") {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      const words = walker.currentNode.data.match(/\p{L}{2,}/gu) ?? [];
      const marked = words.filter((word) => /[^\x00-\x7f]/.test(word));
      if (words.length < 4 || marked.length < words.length * 0.7 || !isSeen(parent)) continue;
      if (parent.closest("[lang]").lang !== "vi") {
        fault(`not marked as Vietnamese “${words.join(" ")}”`, parent);
      }
    }
  }

  // The focus (2.4.11): whatever takes it stands on the screen, and nothing covers it.
  for (const element of seen(controls)) {
    element.focus();
    if (document.activeElement !== element) continue;
    const { left, right, top, bottom } = element.getClientRects()[0]; // of a link its first line
    const x = (Math.max(left, 0) + Math.min(right, window.innerWidth)) / 2;
    const y = (Math.max(top, 0) + Math.min(bottom, window.innerHeight)) / 2;
    const above = document.elementFromPoint(x, y);
    const isOwn = above && (element.contains(above) || above.contains(element));
    if (!isOwn && above?.closest("label")?.control !== element) fault("covered", element);
  }
  return faults;
}
