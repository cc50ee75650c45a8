// The desk: shows how long the contact has lasted, and begins a new one with the key n. All of it works without.
"use strict";
(() => {
  const timer = document.querySelector("[data-timer]");
  const begun = timer ? Date.parse(timer.dataset.timer) : NaN;
  if (!Number.isNaN(begun)) {
    // The server's clock rules: what this device's clock says is used for the difference alone.
    const show = () => {
      const seconds = Math.max(0, Math.floor((Date.now() - begun) / 1000));
      timer.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    show();
    timer.hidden = false;
    setInterval(show, 1000);
  }

  // One list of shortcuts for the whole house: keys.js keeps whether they are on.
  const fresh = document.querySelector("[data-new]");
  const isOn = () => {
    try { return localStorage.getItem("enlace-keys") !== "off"; } catch { return true; }
  };
  if (!fresh) return;
  const help = document.querySelector("[data-new-help]");
  if (help) help.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "n" || !isOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable], [role=listbox]")) return;
    event.preventDefault();
    fresh.click();
  });
})();
