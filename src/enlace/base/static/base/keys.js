// Lists by keyboard: j and k move between the [data-row] or the rows of a table[data-list], Enter opens (the focus is on the row's link),
// a presses the row's [data-act], "/" goes to the search box.
// Single-key shortcuts can be turned off (WCAG 2.1.4); the choice is kept on this device and holds no personal data.
"use strict";
(() => {
  const STORE = "enlace-keys";
  const search = document.querySelector("[data-search-box]");
  const help = document.querySelector("[data-keys-help]");
  const read = () => {
    try { return localStorage.getItem(STORE) !== "off"; } catch { return true; }
  };
  let on = read();

  const rows = () => Array.from(document.querySelectorAll("[data-row], table[data-list] tbody tr"));
  const target = (row) => row.querySelector("[data-open]") || row.querySelector("a");
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
    target(all[next])?.focus();
  };
  const act = () => {
    const row = rows().find((each) => each.contains(document.activeElement));
    row?.querySelector("[data-act]")?.click();
  };
  const actions = { j: () => move(1), k: () => move(-1), a: act, "/": () => search?.focus() };

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable], [role=listbox]")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  if (help) {
    const toggle = help.querySelector("[data-keys-toggle]");
    const show = () => { toggle.textContent = on ? toggle.dataset.off : toggle.dataset.on; };
    toggle.addEventListener("click", () => {
      on = !on;
      try { localStorage.setItem(STORE, on ? "on" : "off"); } catch { /* private window: holds for this page */ }
      show();
    });
    show();
    help.querySelector("[data-keys-act]").hidden = !document.querySelector("[data-act]");
    help.hidden = false;
  }
})();
