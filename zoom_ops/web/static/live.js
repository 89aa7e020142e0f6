// Live parts: an open page asks for itself again when the server says that something has changed, and takes over what is
// different. Focus, scroll, open details and typed text stay. What somebody reads waits until they are through.
"use strict";

(() => {
  const GAP_MS = 2_000; // between two questions, at least
  const SHARE = 20; // a page that takes long to make is asked for seldom: a twentieth of the time goes into it at most
  const TICK_MS = 60_000; // between two questions, at most: some things change with time alone
  const READS_MS = 15_000; // after the pointer has moved in a list, its reader is still there
  const LOST_MS = 5_000; // without a connection, before it is said
  const REOPEN_MS = 10_000; // after the server has refused a connection; twice as long after each further one
  const RARELY_MS = 60_000; // at most

  const main = document.getElementById("main");
  const parts = () => [...main.querySelectorAll("[data-live]")];
  if (!main.dataset.version || !parts().length) return; // a page that answers a form has none: its address shows another

  const bar = document.getElementById("news");
  const [said, button] = [bar.querySelector("[role]"), bar.querySelector("button")];
  const nodes = new Map(); // by id of a part: the node that was seen last
  const sources = new Map(); // what the server has sent of it
  const waiting = new Map(); // what it has sent since then, and the reader has not seen
  let [newer, digest, version] = [0, "", main.dataset.version];
  let [due, asking, asked, gap, timer] = [false, false, performance.now() - GAP_MS, GAP_MS, 0];
  let [stream, lostSince, reopenAt, refusals, gone] = [null, 0, 0, 0, ""];
  let [touched, touchedAt] = [null, -READS_MS];

  // ---- what the reader is at

  const rows = () => [...document.querySelectorAll("[data-list] > *")].filter((row) => row.querySelector("a"));
  const words = (node) => (node.getAttribute("aria-label") || node.textContent).replace(/\d+/g, "0"); // counts change
  const nameOf = (node) => node.getAttribute("href") || `${node.form?.getAttribute("action")} ${words(node)}`;
  const namesakes = (root, name) =>
    [...root.querySelectorAll("a[href], button, summary, [tabindex]")].filter((node) => nameOf(node) === name);
  const fieldsOf = (root) => [...root.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const isBox = (field) => ["checkbox", "radio"].includes(field.type);

  // Tell things of the same name apart: add which of them each is.
  function numbered(nodes, name) {
    const counts = {};
    return new Map(nodes.map((node) => [`${name(node)} ${(counts[name(node)] = (counts[name(node)] ?? 0) + 1)}`, node]));
  }

  const rowOf = (node) => node.closest("li, tr, .action, .card")?.querySelector("a")?.getAttribute("href");
  const foldsOf = (part) =>
    numbered([...part.querySelectorAll("details:has(> summary)")], (fold) => fold.id || `${rowOf(fold)} ${words(fold.querySelector("summary"))}`);

  function isChanged(field) {
    if (isBox(field)) return field.checked !== field.defaultChecked;
    if (!field.matches("select")) return field.value !== field.defaultValue;
    const [all, chosen] = [[...field.options], [...field.selectedOptions]];
    const marked = all.filter((option) => option.defaultSelected);
    const usual = marked.length || field.multiple ? marked : all.slice(0, 1);
    return usual.length !== chosen.length || usual.some((option) => !option.selected);
  }

  function isRead(part) {
    const selection = getSelection();
    const selects = !selection.isCollapsed && part.contains(selection.anchorNode);
    const focused = document.activeElement;
    const types = part.contains(focused) && focused.matches("input, select, textarea, [contenteditable]");
    const points = touched === part.id && performance.now() - touchedAt < READS_MS;
    const presses = part.matches(":active"); // a click is lost if its button goes before it ends
    return part.dataset.live || selects || types || points || presses || fieldsOf(part).some(isChanged);
  }

  function keepPlace(part) {
    const [focused, all] = [document.activeElement, rows()];
    const [name, row] = [nameOf(focused), all.findIndex((entry) => entry.contains(focused))];
    const at = row >= 0 && all[row].classList.contains("at");
    return {
      focus: part.contains(focused) && { id: focused.id, name, row, at, nth: namesakes(part, name).indexOf(focused) },
      unfolded: new Map([...foldsOf(part)].map(([name, fold]) => [name, fold.open])),
      scrolled: [...part.querySelectorAll(".scroll")].map((node) => node.scrollLeft),
    };
  }

  function restorePlace(part, { focus, unfolded, scrolled }) {
    foldsOf(part).forEach((fold, name) => (fold.open = unfolded.get(name) ?? fold.open));
    part.querySelectorAll(".scroll").forEach((node, nth) => (node.scrollLeft = scrolled[nth] || 0));
    if (!focus) return;
    const [same, all] = [namesakes(part, focus.name), rows()];
    const next = focus.row < 0 ? null : all[Math.min(focus.row, all.length - 1)]; // the row that follows a removed one
    const self = focus.id && part.querySelector(`#${CSS.escape(focus.id)}`);
    const heir = self || same[Math.min(focus.nth, same.length - 1)] || next?.querySelector("[data-open]") || next?.querySelector("a") || main;
    heir.focus({ preventScroll: true });
    all.forEach((row) => row.classList.toggle("at", focus.at && row.contains(heir)));
  }

  // A form is about what its address and its hidden fields name; a box about its value.
  function subjectOf(field) {
    const hidden = isBox(field) ? [field] : [...(field.form?.querySelectorAll("input[type=hidden]") ?? [])];
    return JSON.stringify([field.form?.getAttribute("action"), field.name, ...hidden.map(({ value }) => value)]);
  }

  // What is typed goes over to the same field of the new part. Return what to write into which field; null: one is gone.
  // A box that is gone takes its mark along: there is nothing left to mark.
  function carryOver(part, fresh) {
    const heirs = numbered(fieldsOf(fresh), subjectOf);
    const changed = [...numbered(fieldsOf(part), subjectOf)].filter(([, field]) => isChanged(field));
    const pairs = changed.map(([name, field]) => [field, heirs.get(name)]).filter(([field, heir]) => heir || !isBox(field));
    return pairs.every(([, heir]) => heir && heir.type !== "file") ? pairs : null;
  }

  const isLosing = (part) => waiting.has(part.id) && fieldsOf(part).some(isChanged) && !carryOver(part, parse(waiting.get(part.id)));

  function fill([field, heir]) {
    if (isBox(field)) heir.checked = field.checked;
    else heir.value = field.value;
  }

  // ---- taking over what is new

  function parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  }

  function swap(part, html) {
    const fresh = parse(html);
    const typed = carryOver(part, fresh);
    if (!typed) return;
    const place = keepPlace(part);
    part.replaceChildren(fresh);
    typed.forEach(fill);
    htmx.process(part);
    part.dispatchEvent(new Event("fresh", { bubbles: true }));
    restorePlace(part, place);
    sources.set(part.id, html);
    waiting.delete(part.id);
  }

  function take(page) {
    document.title = page.title;
    let held = false;
    for (const part of parts()) {
      const html = page.getElementById(part.id)?.innerHTML;
      if (html === undefined || html === sources.get(part.id)) waiting.delete(part.id);
      else if (!isRead(part)) swap(part, html);
      else {
        held ||= html !== waiting.get(part.id);
        waiting.set(part.id, html);
      }
    }
    newer = waiting.size ? newer + held : 0;
  }

  function showAll() {
    if (gone || parts().some(isLosing)) return location.reload();
    parts().forEach((part) => waiting.has(part.id) && swap(part, waiting.get(part.id)));
    newer = waiting.size;
    if (bar.contains(document.activeElement)) main.focus({ preventScroll: true });
    say();
  }

  const state = () => {
    if (gone) return [gone, "Load again"];
    if (lostSince && performance.now() - lostSince > LOST_MS) return ["Not live: trying again.", ""];
    const [changed] = parts().filter((part) => waiting.has(part.id) && part.dataset.live);
    if (changed) return [changed.dataset.live, "Show"];
    if (parts().some(isLosing)) return ["What you wrote has no place in the newer page: copy it if you need it.", "Load again"];
    if (!newer) return ["", ""];
    const writes = parts().some((part) => waiting.has(part.id) && fieldsOf(part).some(isChanged));
    return [`Paused while you ${writes ? "write" : "read"}: ${newer} ${newer === 1 ? "update waits" : "updates wait"}.`, "Show"];
  };

  function say() {
    const [sentence, label] = state();
    bar.hidden = !sentence; // first, for what is hidden is not announced
    if (said.textContent !== sentence) said.textContent = sentence;
    button.hidden = !label;
    button.textContent = label;
  }

  // ---- asking

  const address = () => location.pathname + location.search;
  const isBusy = () => document.hidden || asking || gone || document.querySelector("form.htmx-request");

  function plan() {
    clearTimeout(timer);
    if (due && !isBusy()) timer = setTimeout(ask, Math.max(0, asked + gap - performance.now()));
  }

  async function ask() {
    if (isBusy()) return; // the next beat plans it again
    [due, asking] = [false, true];
    const [from, begun] = [address(), performance.now()];
    try {
      const headers = { "X-Live": digest };
      const answer = await fetch(from, { headers, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(30_000) });
      await hear(answer, from);
      if (stream?.readyState === EventSource.OPEN) lostSince = 0;
    } catch {
      due = true;
      lostSince ||= performance.now();
    }
    [asking, asked] = [false, performance.now()];
    gap = Math.min(TICK_MS, Math.max(GAP_MS, SHARE * (asked - begun)));
    if (gone) close();
    say();
    plan();
  }

  async function hear(answer, from) {
    if (answer.type === "opaqueredirect" || answer.status === 403) gone = "Not live: sign in again.";
    else if (answer.status === 404 && !from.includes("?")) gone = "This is no longer there.";
    else if (answer.status >= 500) throw new Error("the server cannot answer");
    if (answer.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (from !== address() || document.querySelector("form.htmx-request")) due = true; // a filter was faster
    else {
      digest = answer.headers.get("X-Live");
      take(page);
    }
  }

  // ---- hearing of changes

  function open() {
    if (document.hidden || gone || stream) return;
    stream = new EventSource("/-/stream");
    stream.addEventListener("open", () => ([lostSince, refusals] = [0, 0]));
    stream.addEventListener("changed", ({ data }) => {
      due ||= data !== version;
      version = data;
      plan();
    });
    stream.addEventListener("error", () => {
      lostSince ||= performance.now();
      if (stream?.readyState !== EventSource.CLOSED) return; // else the browser tries again by itself
      close();
      const wait = Math.min(RARELY_MS, REOPEN_MS * 2 ** refusals++);
      [due, reopenAt] = [true, performance.now() + wait * (0.5 + Math.random())]; // the answer to a question says why
      plan();
    });
  }

  function close() {
    stream?.close();
    stream = null;
  }

  function beat() {
    if (document.hidden) return;
    for (const part of parts()) if (waiting.has(part.id) && !isRead(part)) swap(part, waiting.get(part.id));
    if (!waiting.size) newer = 0;
    due ||= performance.now() - asked > TICK_MS;
    if (performance.now() > reopenAt) open();
    plan();
    say();
  }

  // This has to come before others add to a new part, such as the reader's own time.
  function remember() {
    for (const part of parts()) {
      if (nodes.get(part.id) === part) continue;
      nodes.set(part.id, part);
      sources.set(part.id, part.innerHTML);
      waiting.delete(part.id);
    }
  }

  document.addEventListener("htmx:afterSwap", remember);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return beat();
    close();
    lostSince = 0;
  });
  for (const kind of ["pointermove", "pointerdown", "wheel"])
    main.addEventListener(kind, ({ target }) => {
      const part = target.closest("[data-pauses]");
      if (part) [touched, touchedAt] = [part.id, performance.now()];
    }, { passive: true });
  button.addEventListener("click", showAll);
  setInterval(beat, 1_000);
  remember();
  open();
})();
