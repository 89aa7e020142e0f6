// Public pages: the visitor's own time, the countdown, live updates. The pages work without this script.
"use strict";

(() => {
  const { lang, dataset: { locale } } = document.documentElement;
  const DAY = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const HOURS = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const RETRY_MS = 5000; // after the first failure; twice as long after each further one
  const RARE_MS = 120_000; // a page that cannot be told of changes asks so seldom at last
  const SKEW_MS = 30_000; // delay if the moment has passed by the visitor's clock, which is ahead of the server's
  const SPREAD_MS = 3000; // spreads the requests of many open pages
  const DAY_S = 86_400;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const status = document.getElementById("news");
  const main = document.getElementById("main");

  // ---- the visitor's own time

  const write = (moment, options) => {
    const written = new Intl.DateTimeFormat(locale, options).format(moment);
    return lang === "en" ? written.replace(",", "") : written;
  };

  const zoneName = (moment) => // the English abbreviation for English readers only
    new Intl.DateTimeFormat("en-GB", { timeZoneName: lang === "en" ? "short" : "shortOffset" })
      .formatToParts(moment)
      .find((part) => part.type === "timeZoneName")
      .value.replace(/^GMT(?=.)/, "UTC")
      .replace("-", "−");

  function writeSpan(start, end, overNight) { // as the server writes it: the day, and the hours with the zone
    const [first, last] = [write(start, DAY), write(end, DAY)];
    const from = zoneName(start) === zoneName(end) ? "" : ` ${zoneName(start)}`; // the clocks change during the event
    const [begins, ends] = [`${write(start, HOURS)}${from}`, `${write(end, HOURS)} ${zoneName(end)}`];
    return [first, first === last ? `${begins}–${ends}` : fill(overNight, { first: begins, day: last, last: ends })];
  }

  function showOwnTime(list) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = [...list.children].find((row) => row.dataset.zone === zone);
    if (known) {
      known.classList.add("own");
      known.querySelector("dt").append(" ", element("span", "own-mark", list.dataset.mark));
      return;
    }
    const [day, hours] = writeSpan(new Date(list.dataset.start), new Date(list.dataset.end), list.dataset.overNight);
    const row = element("div", "own");
    const value = element("dd");
    const time = element("time", "", hours);
    time.dateTime = list.dataset.start;
    value.append(element("span", "day", day), " ", time);
    row.append(element("dt", "", list.dataset.label), value);
    list.prepend(row);
  }

  function showOwnMoment(time) {
    const moment = new Date(time.dateTime);
    const hours = `${write(moment, HOURS)} ${zoneName(moment)}`;
    time.title = time.textContent;
    time.textContent = fill(time.dataset.moment, { day: write(moment, DAY), hours });
    delete time.dataset.moment;
  }

  const fill = (text, words) => text.replace(/\{(\w+)\}/g, (_, name) => words[name]);

  function element(name, className = "", text = "") {
    const node = document.createElement(name);
    if (className) node.className = className;
    node.textContent = text;
    return node;
  }

  // ---- the visitor's own time in lists, or each event's own as the server wrote it: a choice that this browser keeps

  const CHOICE = "zone";
  const zoneLine = document.querySelector(".zone");
  const listed = zoneLine ? [...document.querySelectorAll(".events li")].map(readLine) : [];

  function readLine(line) {
    const time = line.querySelector("time");
    const tile = line.querySelector(".tile");
    const [start, end] = [new Date(time.dateTime), new Date(time.dataset.end)];
    const [day, hours] = writeSpan(start, end, zoneLine.dataset.overNight);
    const month = new Intl.DateTimeFormat(locale, { month: "short" }).format(start);
    const own = [fill(zoneLine.dataset.moment, { day, hours }), start.getDate(), ` ${month} `, start.getFullYear()];
    const places = [time.firstChild, tile.children[0].firstChild, tile.childNodes[1], tile.children[1].firstChild];
    const texts = places.map((place) => place.data);
    const readHere = new Date(time.dateTime.slice(0, 19)); // its clock time, read as the visitor's
    return { places, own, texts, differs: Number(readHere) !== Number(start) };
  }

  function showListed(own) {
    const zone = new Intl.DateTimeFormat(locale, { timeZoneName: "longGeneric" }).formatToParts().find((part) => part.type === "timeZoneName").value;
    const [text, button] = zoneLine.children;
    const which = own ? "own" : "events";
    text.textContent = fill(zoneLine.dataset[which], { zone });
    button.textContent = own ? button.dataset.events : button.dataset.own;
    listed.forEach(({ places, own: ours, texts, differs }) => {
      if (differs) places.forEach((place, number) => (place.data = (own ? ours : texts)[number]));
    });
  }

  function offerZones() {
    if (!listed.some((line) => line.differs)) return;
    let own = recall(CHOICE) !== "events";
    zoneLine.hidden = false;
    showListed(own);
    zoneLine.querySelector("button").addEventListener("click", () => {
      own = !own;
      keep(CHOICE, own ? "own" : "events");
      showListed(own);
    });
  }

  function recall(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // the browser keeps nothing
    }
  }

  function keep(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // the choice holds for this page
    }
  }

  // ---- the countdown: on the last day before the start by minutes, in the last minute by seconds

  let ticking = 0;

  const measure = (number, unit) =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(number);

  function countDown() {
    clearTimeout(ticking);
    const timer = main.querySelector(".countdown");
    if (!timer) return;
    const left = Math.ceil((Date.parse(timer.dataset.start) - Date.now()) / 1000);
    timer.hidden = left <= 0 || left > DAY_S;
    timer.querySelector("b").textContent = writeLeft(left);
    const wait = left > DAY_S ? left - DAY_S : left > 60 ? ((left - 1) % 60) + 1 : 1;
    if (left > 0) ticking = setTimeout(countDown, Math.min(wait, DAY_S) * 1000);
  }

  function writeLeft(left) {
    if (left < 60 && !calm.matches) return measure(Math.max(left, 0), "second");
    const minutes = Math.ceil(left / 60);
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    return [hours && measure(hours, "hour"), (rest || !hours) && measure(rest, "minute")].filter(Boolean).join(" ");
  }

  // ---- live updates: after a `changed` message the page fetches itself and replaces the parts that differ

  const served = new Map(); // each part as the server sent it, before this script changes it
  const parts = (root) => [...root.querySelectorAll("[data-part]")];
  let source = null;
  let fetching = false;
  let again = false;
  let timer = 0;
  let retry = 0;
  let due = 0;
  let failures = 0; // since the server last answered a stream

  function settle() {
    parts(main).forEach((part) => served.has(part.id) || served.set(part.id, part.outerHTML));
    main.querySelectorAll(".times").forEach((list) => list.querySelector(".own") || showOwnTime(list));
    main.querySelectorAll("time[data-moment]").forEach(showOwnMoment);
    main.querySelectorAll("button[data-copies]").forEach((button) => (button.hidden = !navigator.clipboard));
    countDown();
    clearTimeout(timer);
    const wait = Date.parse(main.dataset.updatesAt) - Date.now();
    if (wait < 2 ** 31) timer = setTimeout(refresh, wait > 0 ? wait + 1000 + Math.random() * SPREAD_MS : SKEW_MS);
  }

  function takeOver(next) {
    const focused = document.activeElement;
    const [before, after] = [parts(main), parts(next)];
    const fresh = [];
    if (before.map((part) => part.id).join() === after.map((part) => part.id).join()) {
      after.forEach((part, index) => {
        if (served.get(part.id) === part.outerHTML) return;
        before[index].replaceWith(part);
        fresh.push(part);
      });
    } else {
      main.replaceChildren(...next.childNodes);
      fresh.push(...after.filter((part) => served.get(part.id) !== part.outerHTML));
    }
    fresh.forEach((part) => served.set(part.id, part.outerHTML));
    fresh.forEach((part) => part.classList.add("fresh"));
    keepFocus(focused);
    return fresh.length > 0;
  }

  function keepFocus(focused) {
    if (focused === document.body || focused.isConnected) return;
    const address = focused.getAttribute("href");
    const heir = address && [...main.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === address);
    (heir || main).focus({ preventScroll: true });
  }

  async function refresh() {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-cache", headers: { Accept: "text/html" } });
      if (answer.status === 404) return location.reload();
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("main");
      const changed = takeOver(next);
      const news = next.dataset.news === main.dataset.news ? "" : next.dataset.news;
      delete main.dataset.updatesAt;
      Object.assign(main.dataset, next.dataset);
      document.title = page.title;
      settle();
      if (changed && status) status.textContent = news || status.dataset.updated;
    } catch {
      comeBackLater();
    } finally {
      fetching = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  }

  function listen() {
    // Only while the page is visible: a browser has six connections for all tabs of a site.
    if (document.visibilityState === "hidden") return quiet();
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(main.dataset.live);
    source.addEventListener("open", () => (failures = 0));
    source.addEventListener("changed", hear);
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) comeBackLater(); // refused; the browser retries a lost connection
    });
  }

  // Where many pages are open, the server says over how many milliseconds they ask for themselves.
  function hear({ data }) {
    const spread = Number(data.split("\n")[1] || 0);
    due ||= setTimeout(() => {
      due = 0;
      refresh();
    }, Math.random() * spread);
  }

  function comeBackLater() {
    clearTimeout(retry);
    const wait = Math.min(RARE_MS, RETRY_MS * 2 ** failures++);
    retry = setTimeout(() => {
      refresh();
      listen();
    }, wait * (0.5 + Math.random()));
  }

  function quiet() {
    if (source) source.close();
    source = null;
  }

  // ---- copying, and the phone's own way to share

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("button[data-copies]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = button.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(text); // the browser refused; the keys for copying work now
    }
  });

  document.addEventListener("click", (event) => {
    const menu = event.target.closest("summary")?.closest("[data-share]");
    if (!menu || menu.open || !navigator.share || !matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    navigator.share({ title: menu.dataset.title, url: menu.dataset.share }).catch(({ name }) => {
      menu.open = name !== "AbortError"; // the visitor closed it; after anything else the links remain
    });
  });

  settle();
  offerZones();
  if (main.dataset.live && "EventSource" in window) {
    listen();
    document.addEventListener("visibilitychange", listen);
    window.addEventListener("pageshow", listen);
    window.addEventListener("pagehide", quiet);
  }
})();
