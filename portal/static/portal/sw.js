/* The service worker: shows what the portal tells this browser, opens the inbox at a press, and
   stands in for the network where there is none. It keeps nothing of a notice but its number, for
   a day, so that one that is sent twice (after a crash, say) is not heard twice. Pages are kept by
   portal/app.js; what the network answers always comes first. */
"use strict";

const BOOK = "notices-1";
const DAY = 24 * 60 * 60 * 1000;
const HOME = "/my/inbox/";
const SIGN_OUT = "/accounts/logout/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let notice = {};
  try {
    notice = event.data.json();
  } catch {
    /* An empty push: the browser wants something to be shown all the same. */
  }
  event.waitUntil(show(notice));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method !== "GET") {
    // A form goes its own way; without a network it is told that nothing was sent.
    if (request.mode !== "navigate") return;
    if (pathname === SIGN_OUT) event.respondWith(fetch(request).catch(() => keptOrError("/offline/")));
    else if (!self.navigator.onLine) event.respondWith(keptOrError("/offline/"));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => withoutNetwork(pathname)));
  } else if (request.destination === "style" || request.destination === "image") {
    event.respondWith(fetch(request).catch(() => keptOrError(request)));
  }
});

async function withoutNetwork(path) {
  const own = path.startsWith("/my/") ? await caches.match("/my/kept/") : undefined;
  return own || keptOrError("/offline/");
}

async function keptOrError(request) {
  return (await caches.match(request, { ignoreVary: true })) || Response.error();
}

async function show(notice) {
  const tag = String(notice.tag || "");
  const isRepeat = tag !== "" && (await isKnown(tag));
  const standing = isRepeat ? await self.registration.getNotifications({ tag }) : [];
  await self.registration.showNotification(String(notice.title || "Cổng dịch vụ công chủ động"), {
    body: String(notice.body || ""),
    lang: String(notice.lang || "vi"),
    tag,
    data: String(notice.url || HOME),
    silent: isRepeat,
  });
  if (!isRepeat) await navigator.setAppBadge?.();
  // Put away before: it stays away.
  if (isRepeat && standing.length === 0) {
    for (const shown of await self.registration.getNotifications({ tag })) shown.close();
  }
}

async function isKnown(tag) {
  const book = await caches.open(BOOK);
  const page = `/notices/${encodeURIComponent(tag)}`;
  const known = await book.match(page);
  await book.put(page, new Response(String(Date.now())));
  for (const entry of await book.keys()) {
    const noted = await book.match(entry);
    if (noted && Number(await noted.text()) < Date.now() - DAY) await book.delete(entry);
  }
  return known !== undefined;
}

async function open(path) {
  const address = new URL(path || HOME, self.location.origin);
  const own = address.origin === self.location.origin ? address.href : HOME;
  for (const page of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (page.url === own) return page.focus();
  }
  return self.clients.openWindow(own);
}
