/* A chime at each call, where somebody switched it on; the screen works without. */
(() => {
  "use strict";

  const press = document.querySelector("[data-chime]");
  if (!press || !("AudioContext" in window)) return;
  let sound = null;
  const call = () => document.querySelector("[data-call]")?.dataset.call;
  let last = call();

  const chime = () => {
    for (const [at, height] of [[0, 659], [0.35, 523]]) {
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      tone.frequency.value = height;
      volume.gain.setValueAtTime(0.3, sound.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + at + 0.8);
      tone.connect(volume).connect(sound.destination);
      tone.start(sound.currentTime + at);
      tone.stop(sound.currentTime + at + 0.8);
    }
  };

  press.hidden = false;
  press.addEventListener("click", () => {
    sound = sound ? null : new AudioContext();
    press.setAttribute("aria-pressed", String(Boolean(sound)));
    if (sound) chime();
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (sound && call() && call() !== last) chime();
    last = call();
  });
})();
