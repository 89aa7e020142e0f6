// The console: keyboard shortcuts, focus after live updates. The pages work without this script.
"use strict";

(() => {
  const pages = new Map([...document.querySelectorAll("nav [data-key]")].map((link) => [link.dataset.key, link]));
  const dialog = document.getElementById("keys");
  const [opener, switched] = [document.getElementById("keys-open"), document.getElementById("keys-on")];
  let going = false;

  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-list] > *")].filter((row) => row.querySelector("a"));

  function listKeys() {
    const list = document.getElementById("keys-list");
    const keys = [...pages].map(([key, link]) => [`g ${key}`, link.textContent]);
    const { search, move: along, open, help } = list.dataset;
    keys.push(["/", search], ["j / k", along], ["Enter", open], ["?", help]);
    list.replaceChildren(...keys.flatMap(([key, meaning]) => [text("dt", key), text("dd", meaning)]));
  }

  function text(name, content) {
    const node = document.createElement(name);
    node.textContent = content;
    return node;
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const place = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.max(0, Math.min(all.length - 1, place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step))];
    all.forEach((row) => row.classList.toggle("at", row === next));
    next.querySelector("a").focus();
  }

  // Speech input and slips of the hand can trigger keys, so they can be switched off (WCAG 2.1.4).
  // A browser without storage forgets the choice.
  function remember(on) {
    try {
      localStorage.setItem("keys", on ? "on" : "off");
    } catch {
      // the choice holds for this page only
    }
  }

  function areOn() {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch {
      return true;
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || dialog.open || !switched.checked) return;
    const page = going && pages.get(event.key);
    going = event.key === "g";
    if (page) page.click();
    else if (event.key === "?") dialog.showModal();
    else if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
    }
  });

  // ---- the focus keeps its place when the server replaces the part of the page that holds it

  let place = null;

  const words = (node) => node.getAttribute("aria-label") || node.textContent;
  const nameOf = (node) => node.getAttribute("href") || `${node.form?.getAttribute("action")} ${words(node)}`;
  const namesakes = (root, name) =>
    [...root.querySelectorAll("a[href], button, [tabindex]")].filter((node) => nameOf(node) === name);

  document.addEventListener("htmx:sseBeforeMessage", ({ target }) => {
    const focused = document.activeElement;
    const [name, all] = [nameOf(focused), rows()];
    const row = all.findIndex((entry) => entry.contains(focused));
    const at = row >= 0 && all[row].classList.contains("at");
    place = target.contains(focused) && { name, row, at, nth: namesakes(target, name).indexOf(focused) };
  });

  document.addEventListener("htmx:sseMessage", ({ target }) => {
    if (!place || target.contains(document.activeElement)) return;
    const [same, all] = [namesakes(target, place.name), rows()];
    const next = place.row < 0 ? null : all[Math.min(place.row, all.length - 1)]; // the row that follows a removed one
    const heir = same[Math.min(place.nth, same.length - 1)] || next?.querySelector("a") || document.getElementById("main");
    heir.focus({ preventScroll: true });
    all.forEach((row) => row.classList.toggle("at", place.at && row.contains(heir)));
  });

  // ---- a value is copied, where the browser lets a page do that

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const value = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(value.textContent);
        button.nextElementSibling.textContent = button.dataset.copied;
      } catch {
        getSelection().selectAllChildren(value); // the browser refused; the keys for copying work now
      }
    });
  }

  listKeys();
  switched.checked = areOn();
  switched.addEventListener("change", () => remember(switched.checked));
  opener.addEventListener("click", () => dialog.showModal());
  opener.hidden = false;
})();
