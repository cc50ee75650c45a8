// <select data-search> becomes a box to type in: the ARIA 1.2 "editable combobox with list autocomplete" pattern.
// The select stays in the form, hidden, and keeps the value; without script it is an ordinary select.
"use strict";
(() => {
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
  const LIMIT = 60;

  const enhance = (select) => {
    if (select.multiple || select.disabled || select.dataset.enhanced) return;
    select.dataset.enhanced = "1";
    const id = select.id || `combo-${Math.random().toString(36).slice(2)}`;
    const options = Array.from(select.options).map((option) => ({ option, text: option.text, key: plain(option.text) }));

    const input = document.createElement("input");
    Object.assign(input, { type: "text", id, autocomplete: "off", spellcheck: false, className: select.className });
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list` };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid", "aria-label", "required"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    const list = document.createElement("ul");
    Object.assign(list, { id: `${id}-list`, className: "combo-list", hidden: true });
    list.setAttribute("role", "listbox");
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    if (label) list.setAttribute("aria-label", label.textContent.trim());
    const news = document.createElement("div");
    news.className = "sr";
    news.setAttribute("role", "status");

    const box = document.createElement("div");
    box.className = "combo";
    select.before(box);
    select.id = `${id}-select`;
    select.hidden = true;
    select.required = false;
    box.append(input, list, news, select);

    let shown = [];
    let active = -1;
    const chosen = () => (select.value ? select.selectedOptions[0].text : "");
    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const point = (index) => {
      active = index;
      Array.from(list.children).forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
      const item = list.children[index];
      if (!item) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    };
    const open = (query) => {
      const wanted = plain(query);
      const starts = options.filter(({ option, key }) => option.value && (key.startsWith(wanted) || key.includes(` ${wanted}`)));
      const inside = options.filter((each) => each.option.value && !starts.includes(each) && each.key.includes(wanted));
      shown = starts.concat(inside).slice(0, LIMIT);
      list.replaceChildren(...shown.map((each, index) => {
        const item = document.createElement("li");
        Object.assign(item, { id: `${id}-option-${index}`, textContent: each.text });
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        return item;
      }));
      news.textContent = (select.dataset.count || "%d").replace("%d", shown.length);
      list.hidden = !shown.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      active = -1;
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (index) => {
      select.value = shown[index].option.value;
      input.value = shown[index].text;
      close();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    // What is typed in full counts as chosen; an emptied box empties the choice; anything else falls back.
    const settle = () => {
      const typed = plain(input.value);
      const exact = options.find(({ option, key }) => option.value && key === typed);
      const before = select.value;
      if (exact) select.value = exact.option.value;
      else if (!typed && options.some(({ option }) => !option.value)) select.value = "";
      input.value = chosen();
      if (select.value !== before) select.dispatchEvent(new Event("change", { bubbles: true }));
      close();
    };

    input.value = chosen();
    input.addEventListener("input", (event) => { event.stopPropagation(); open(input.value); });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("click", () => { if (list.hidden) open(input.value === chosen() ? "" : input.value); });
    input.addEventListener("blur", settle);
    input.addEventListener("keydown", (event) => {
      const last = shown.length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) open(input.value === chosen() ? "" : input.value);
        const step = event.key === "ArrowDown" ? (active >= last ? 0 : active + 1) : (active <= 0 ? shown.length - 1 : active - 1);
        point(step);
      } else if (event.key === "Enter" && !list.hidden && active >= 0) {
        event.preventDefault();
        choose(active);
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        close();
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const index = Array.from(list.children).indexOf(event.target.closest("li"));
      if (index >= 0) choose(index);
    });
  };

  const all = (root) => root.querySelectorAll("select[data-search]").forEach(enhance);
  all(document);
  document.addEventListener("htmx:load", (event) => all(event.target));
})();
