/* The service worker: shows what the portal tells this browser, and opens the inbox at a press.
   It keeps nothing of a notice but its number, for a day, so that one that is sent twice (after a
   crash, say) is not heard twice. */
"use strict";

const BOOK = "notices-1";
const DAY = 24 * 60 * 60 * 1000;
const HOME = "/my/inbox/";

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
