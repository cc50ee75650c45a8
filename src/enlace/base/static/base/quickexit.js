// Quick exit: the page turns blank at once, then a neutral page takes its place in the history.
"use strict";
(() => {
  const link = document.querySelector("[data-quick-exit]");
  if (!link) return;
  const leave = () => {
    document.documentElement.classList.add("leaving");
    document.title = "";
    window.location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    presses = presses.filter((time) => now - time < 3000).concat(now);
    if (presses.length >= 3) leave();
  });

  // Coming back with the browser's button must not show the page again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.classList.contains("leaving")) window.location.replace(link.href);
  });
  const hint = document.getElementById("exit-hint");
  if (hint) hint.hidden = false;
})();
