/* Browser notices for this device. Without this file the page says why it cannot turn them on;
   turning them off needs no script. */
(() => {
  "use strict";

  const panel = document.querySelector("[data-push-key]");
  if (!panel) return;
  const key = panel.dataset.pushKey;
  const form = panel.querySelector("form[data-push-state]");

  const say = (state) => {
    for (const part of panel.querySelectorAll("[data-push-state]")) {
      part.hidden = part.dataset.pushState !== state;
    }
  };

  const bytesOf = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };

  const digestOf = async (endpoint) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const look = async () => {
    if (Notification.permission === "denied") return say("denied");
    const registration = await navigator.serviceWorker.getRegistration("/");
    const subscription = await registration?.pushManager.getSubscription();
    const digest = subscription && (await digestOf(subscription.endpoint));
    const own = digest && panel.querySelector(`[data-device="${digest}"]`);
    if (own) own.querySelector("[data-own]").hidden = false;
    return say(own ? "on" : "off");
  };

  const subscribe = async () => {
    if ((await Notification.requestPermission()) !== "granted") return say("denied");
    await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    const registration = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
    let subscription;
    try {
      subscription = await registration.pushManager.subscribe(options);
    } catch (error) {
      // Subscribed under an older key of the portal: that one is of no use any more.
      if (error.name !== "InvalidStateError") throw error;
      await (await registration.pushManager.getSubscription())?.unsubscribe();
      subscription = await registration.pushManager.subscribe(options);
    }
    form.elements.subscription.value = JSON.stringify(subscription);
    return form.submit();
  };

  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    say("unsupported");
    return;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribe().catch(() => say("failed"));
  });
  look().catch(() => say("off"));
})();
