// The console: keys, menus, the reader's own zone, parts that are asked for. Pages work without this script.
"use strict";

(() => {
  const pages = new Map([...document.querySelectorAll("nav [data-key]")].map((link) => [link.dataset.key, link]));
  const dialog = document.getElementById("keys");
  const [opener, switched] = [document.getElementById("keys-open"), document.getElementById("keys-on")];
  let going = false;

  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  const searchField = () => document.querySelector("input[data-search]");
  const rows = () => [...document.querySelectorAll("[data-list] > *")].filter((row) => row.querySelector("a"));

  function listKeys() {
    const list = document.getElementById("keys-list");
    const keys = [...pages].map(([key, link]) => [`g ${key}`, link.textContent]);
    const { search, move: along, open, help } = list.dataset;
    if (searchField()) keys.push(["/", search]);
    keys.push(["j / k", along], ["Enter", open], ["?", help]);
    list.replaceChildren(...keys.flatMap(([key, meaning]) => [text("dt", key), text("dd", meaning)]));
  }

  function text(name, content, kind = "") {
    const node = document.createElement(name);
    if (kind) node.className = kind;
    node.textContent = content;
    return node;
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const place = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.max(0, Math.min(all.length - 1, place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step))];
    all.forEach((row) => row.classList.toggle("at", row === next));
    (next.querySelector("[data-open]") ?? next.querySelector("a")).focus();
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
      const field = searchField();
      if (!field) return;
      event.preventDefault();
      const fold = field.closest("details");
      if (fold) fold.open = true;
      field.focus();
    }
  });

  // ---- menus close with Escape, with a click elsewhere, and when the focus leaves them

  const menus = () => document.querySelectorAll("details:is(.more, .rare)[open]");

  function closeMenus(except) {
    menus().forEach((menu) => (menu.open = menu.contains(except)));
  }

  document.addEventListener("click", ({ target }) => closeMenus(target));
  document.addEventListener("focusin", ({ target }) => closeMenus(target));
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menus().forEach((menu) => {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    });
  });

  // ---- the reader's own zone, in grey beside UTC

  const { locale } = document.documentElement.dataset;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const city = zone.split("/").pop().replaceAll("_", " ");
  const HOURS = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const isoDay = (moment) => [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => `${part}`.padStart(2, "0")).join("-");
  const write = (moment, options) => new Intl.DateTimeFormat(locale, options).format(moment);
  const writeWhole = (moment) => `${write(moment, { weekday: "short" })} ${isoDay(moment)} ${write(moment, HOURS)}`;

  // The zone that follows a time, or the end of a span: "22:32 UTC", "22:32 to 23:32 (Africa/Nairobi)".
  const ZONE = /^ (?:UTC(?:[+-]\d\d:\d\d)?|\([A-Za-z_]+(?:\/[\w+-]+)+\))/;
  const JOINT = /^\s*(?:–|-|to)\s*$/;
  const beginOf = ({ previousSibling: joint }) => JOINT.test(joint?.data) && joint.previousSibling?.matches?.("time") ? joint.previousSibling : null;
  const endOf = ({ nextSibling: joint }) => JOINT.test(joint?.data) && joint.nextSibling?.matches?.("time") ? joint.nextSibling : null;

  function writeOwn(time) {
    const [moment, end] = [new Date(time.dateTime), new Date(time.dataset.end ?? NaN)];
    const own = writeClock(moment, time.textContent);
    return Number.isNaN(end.getTime()) ? own : `${own}–${write(end, HOURS)}`;
  }

  function writeClock(moment, shown) { // with the weekday where the day is another one than the one that is shown
    const day = /^\d{4}-\d\d-\d\d/.exec(shown)?.[0];
    const isOtherDay = day ? day !== isoDay(moment) : moment.getDate() !== moment.getUTCDate();
    return write(moment, isOtherDay ? { weekday: "short", ...HOURS } : HOURS);
  }

  const isSame = (other, moment) => zone === other || writeIn(other, moment) === writeIn(zone, moment);
  function writeIn(timeZone, moment) { // undefined for a zone that the browser does not know
    try {
      return new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short", timeStyle: "short" }).format(moment);
    } catch {}
  }

  // One zone has several names: Asia/Kathmandu is Asia/Katmandu to some browsers.
  const isOwn = (time) => time.textContent.startsWith(`${isoDay(new Date(time.dateTime))} ${write(new Date(time.dateTime), HOURS)}`);

  function addOwnTime(time) {
    const moment = new Date(time.dateTime);
    if (time.title || !time.dateTime.includes("T") || Number.isNaN(moment.getTime()) || !moment.getTimezoneOffset()) return;
    time.title = `${writeWhole(moment)} ${zone}`;
    if (time.closest(".calendar")) return; // no room: the axis says it
    const named = ZONE.exec(time.nextSibling?.data)?.[0];
    const begin = beginOf(time);
    if (named && (named.includes(zone) || isOwn(begin ?? time))) return;
    const own = begin ? `${writeOwn(begin)}–${write(moment, HOURS)}` : writeOwn(time);
    if (named && time.closest(".stages")) time.nextSibling.splitText(named.length).before(" ", text("span", `${own} ${city}`, "own"));
    else if (named) time.nextSibling.splitText(named.length).before(text("span", ` (${own} ${city})`, "own"));
    else if (time.closest("td, .timeline, .narrow-list p:not(.detail)") && !endOf(time)) time.append(" ", text("span", own, "own"));
  }

  // A second line of hours under those of the calendar, for each day as the clocks are then.
  function addOwnAxis(hours) {
    const own = hours.cloneNode(true);
    own.classList.add("own");
    for (const hour of own.children) {
      const moment = new Date(hour.dataset.at);
      if (!moment.getTimezoneOffset()) return;
      hour.textContent = write(moment, HOURS).replace(/^0|:00$/g, "");
      if (hour.textContent.includes(":")) hour.setAttribute("font-size", 6.5); // half an hour needs more room
    }
    hours.after(own);
  }

  function addOwnSpan(row) {
    const [start, end] = [new Date(row.dataset.start), new Date(row.dataset.end)];
    if (isSame(row.dataset.known, start) || !start.getTimezoneOffset()) return;
    const last = isoDay(start) === isoDay(end) ? write(end, HOURS) : writeWhole(end);
    row.querySelector("dt").textContent = zone.replaceAll("_", " ");
    row.querySelector("dd").textContent = `${writeWhole(start)}–${last}`;
    row.hidden = false;
  }

  // ---- what a new part of the page needs

  function dress(root) {
    root.querySelectorAll("time[datetime]").forEach(addOwnTime);
    root.querySelectorAll("[data-start]").forEach(addOwnSpan);
    root.querySelectorAll("svg.hours:not(.own):not(:has(+ .own))").forEach(addOwnAxis);
    if (new Date().getTimezoneOffset()) root.querySelectorAll(".axis:empty").forEach((axis) => axis.append(city));
    root.querySelectorAll(".scroll table, table.stacked").forEach((table) => {
      nameZone(table);
      nameParts(table);
    });
    root.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = !navigator.clipboard));
  }

  function nameZone(table) {
    if (!new Date().getTimezoneOffset()) return;
    for (const head of table.querySelectorAll("thead th"))
      if (head.textContent.endsWith("(UTC)")) head.textContent = head.textContent.replace("(UTC)", `(UTC, ${city})`);
  }

  // Some browsers take a table for no table where its rows are shown as cards; roles bring it back.
  const ROLES = {
    "thead, tbody": "rowgroup", tr: "row", td: "cell", "thead th": "columnheader", "tbody th": "rowheader",
  };

  function nameParts(table) {
    table.setAttribute("role", "table");
    for (const [part, role] of Object.entries(ROLES))
      table.querySelectorAll(part).forEach((node) => node.setAttribute("role", role));
  }

  // ---- copying

  async function copy(id) {
    const node = document.getElementById(id);
    try {
      await navigator.clipboard.writeText(node.textContent);
      document.getElementById("copied").textContent = `${node.dataset.what}: copied.`;
    } catch {
      getSelection().selectAllChildren(node); // the browser forbids it: the reader copies what is selected
    }
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-copy]");
    if (button) copy(button.dataset.copy);
  });

  // ---- parts that are asked for: a filtered list, the link to join

  document.addEventListener("htmx:afterSwap", ({ target }) => {
    const part = document.getElementById(target.id) || target; // the one that took its place
    dress(part);
    if (target.id === "join-link") copy("way-join-link");
  });
  document.addEventListener("fresh", ({ target }) => dress(target)); // a live part, which has taken over what is new

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb !== "get") return; // a filter that is left empty has no place in the address
    for (const [name, value] of Object.entries(detail.parameters)) if (value === "") delete detail.parameters[name];
  });

  document.addEventListener("htmx:responseError", ({ detail }) => {
    const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
    const refusal = text("p", page.querySelector("main .warn")?.textContent || "That was not done. Try again.", "warn");
    refusal.setAttribute("role", "alert");
    detail.target.querySelector(":scope > .warn[role]")?.remove();
    detail.target.prepend(refusal);
  });

  dress(document.getElementById("main"));
  const note = document.getElementById("zone");
  if (new Date().getTimezoneOffset()) note.append(" ", note.dataset.own.replace("{zone}", zone.replaceAll("_", " ")));
  listKeys();
  switched.checked = areOn();
  switched.addEventListener("change", () => remember(switched.checked));
  opener.addEventListener("click", () => dialog.showModal());
  opener.hidden = false;
  document.getElementById("keys-search").hidden = !searchField();
})();
