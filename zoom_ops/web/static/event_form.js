// The event form: rows move at once, times in other zones as one types, names from the address book, files that are
// dropped. The form works without this script; the server decides everything.
"use strict";

(() => {
  const form = document.querySelector("[data-event-form]");
  const byId = (id) => document.getElementById(id);

  // ---- drop a file or a text anywhere on the page

  const paste = document.querySelector("[data-drop]");
  if (paste) {
    const [file, text, zone] = [byId("file"), byId("text"), paste.querySelector("[data-drop-zone]")];
    paste.querySelector("[data-drop-hint]").hidden = false;
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    document.addEventListener("dragleave", () => zone.classList.remove("over"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      if (event.dataTransfer.files.length) file.files = event.dataTransfer.files;
      else text.value = event.dataTransfer.getData("text/plain");
      if (file.files.length || text.value) paste.requestSubmit();
    });
  }
  if (!form) return;

  const value = (id) => byId(id)?.value.trim() ?? "";
  const hidden = (name) => form.querySelector(`input[type="hidden"][name="${name}"]`);

  // ---- the times elsewhere

  const moments = form.querySelector("[data-moments]");
  const told = moments.dataset; // sentences in the language of the page
  const { locale } = document.documentElement.dataset;
  const say = (text, words) => text.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  const DAY = 86_400_000;

  function offsetAt(instant, zone) {
    const options = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" };
    const clock = new Intl.DateTimeFormat("en", { ...options, hour: "numeric", minute: "numeric", second: "numeric" });
    const part = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - instant;
  }

  // The instants that a local time means: none where clocks skip it, two where it comes twice.
  function instantsOf(day, time, zone) {
    const local = Date.parse(`${day}T${time}Z`);
    if (Number.isNaN(local)) return null;
    const offsets = new Set([offsetAt(local - DAY, zone), offsetAt(local + DAY, zone)]);
    return [...offsets].map((offset) => local - offset).filter((instant) => instant + offsetAt(instant, zone) === local);
  }

  function minutesOf(text) {
    const match = /^(?:(\d{1,4})\s*(?:h[a-z]*|:))?\s*(?:(\d{1,6})\s*(?:m[a-z]*\.?)?)?$/.exec(text.toLowerCase());
    return match?.[0] ? Number(match[1] || 0) * 60 + Number(match[2] || 0) : 0;
  }

  function isZone(name) {
    try {
      return Boolean(name && new Intl.DateTimeFormat("en", { timeZone: name }));
    } catch {
      return false;
    }
  }

  // How many days an event takes, if that is more than a night.
  function writeDays(zone, start, end) {
    if (end - start <= DAY) return "";
    const [first, last] = [start, end].map((moment) => Math.floor((moment + offsetAt(moment, zone)) / DAY));
    const days = new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "long" });
    return ` (${days.format(last - first + 1)})`;
  }

  function write(zone, start, end) {
    const day = new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: "short", day: "numeric", month: "short", year: "numeric" });
    const hour = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const words = { first: hour.format(start), day: day.format(end), last: hour.format(end) };
    const onOneDay = end > start ? `${words.first}–${words.last}` : words.first;
    const hours = day.format(start) === words.day ? onOneDay : say(told.overNight, words) + writeDays(zone, start, end);
    return say(told.dayHours, { day: day.format(start), hours });
  }

  function lineOf(name, text) {
    const [line, term, description] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
    term.textContent = name;
    term.dir = "ltr";
    description.textContent = text;
    line.append(term, description);
    return line;
  }

  const zonesShown = () => [...form.querySelectorAll('[name^="display_times-"][name$="-timezone"]')].map((each) => each.value.trim());

  function showMoments() {
    showZones();
    const zone = value("timezone");
    if (!value("start-date") || !value("start-time") || !isZone(zone)) return moments.replaceChildren();
    const starts = instantsOf(value("start-date"), value("start-time"), zone);
    if (!starts) return moments.replaceChildren();
    if (starts.length !== 1) {
      const sentence = say(starts.length ? told.twice : told.skipped, { time: value("start-time") });
      return moments.replaceChildren(lineOf(zone, sentence));
    }
    const [start] = starts;
    const minutes = minutesOf(value("duration"));
    const ends = value("end-time") && instantsOf(value("end-date") || value("start-date"), value("end-time"), zone);
    const end = ends?.length === 1 ? ends[0] : minutes ? start + minutes * 60_000 : start;
    const zones = new Set([zone, "UTC", ...zonesShown().filter(isZone)]);
    return moments.replaceChildren(...[...zones].map((name) => lineOf(name, write(name, start, end))));
  }

  function fill(id, text) {
    const field = byId(id);
    if (field) field.value = text;
  }

  // ---- the end moves with the start

  const shown = hidden("times-shown"); // the times that stood here when the end last followed: the server goes by it, too
  const localOf = (day, time) => (/^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T${time.padStart(5, "0")}Z`) : NaN);

  function signTimes() {
    shown.value = ["start-date", "start-time", "end-date", "end-time"].map(value).join("/");
  }

  function moveEnd() {
    const [day, time] = shown.value.split("/");
    const [before, start] = [localOf(day, time), localOf(value("start-date"), value("start-time"))];
    if (Number.isNaN(start)) return; // half typed
    const end = localOf(value("end-date") || day, value("end-time"));
    if (start !== before && end > before) {
      const moved = new Date(start + end - before).toISOString();
      if (value("end-date") || moved.slice(0, 10) !== value("start-date")) fill("end-date", moved.slice(0, 10));
      fill("end-time", moved.slice(11, end % 60_000 ? 19 : 16));
    }
    signTimes();
  }

  // An end that stands there follows the length that is typed.
  function moveEndByLength() {
    const [start, minutes] = [localOf(value("start-date"), value("start-time")), minutesOf(value("duration"))];
    if (Number.isNaN(start) || !minutes || !value("end-time")) return;
    const end = new Date(start + minutes * 60_000).toISOString();
    if (value("end-date") || end.slice(0, 10) !== value("start-date")) fill("end-date", end.slice(0, 10));
    fill("end-time", end.slice(11, start % 60_000 ? 19 : 16));
    signTimes();
  }

  // ---- doubts: what is chosen fills its field at once

  // Of a start or an end only the part in doubt is filled, so that another doubt about it can be answered, too.
  function whole(name, answer, part) {
    const [day, time] = [value(`${name}-date`), value(`${name}-time`)];
    if (part === "date" && time) return `${answer.slice(0, 10)}T${time.slice(0, 5)}`;
    if (part === "time" && day) return `${day}T${answer.slice(11, 16)}`;
    return answer;
  }

  function isEndChosen(part) {
    return [...form.querySelectorAll('[data-field="end"] [data-answer]:checked')].some((radio) => {
      const other = radio.closest("[data-part]").dataset.part;
      return other === part || other === "both" || part === "both";
    });
  }

  function moveStart(answer, part) {
    fill("start-date", answer.slice(0, 10));
    fill("start-time", answer.slice(11, 16));
    if (isEndChosen(part)) signTimes();
    else moveEnd();
  }

  function answerDoubt(radio) {
    const { answer } = radio.dataset;
    const { field, at, part } = radio.closest("[data-field]").dataset;
    let done = hidden(`${radio.name}-done`);
    if (!done) {
      done = Object.assign(document.createElement("input"), { type: "hidden", name: `${radio.name}-done` });
      form.append(done);
    }
    done.value = radio.value; // the server does not fill it in again over what is typed later
    if (answer === undefined) return;
    if (field === "start") moveStart(whole("start", answer, part), part);
    else if (field === "end") {
      const end = whole("end", answer, part);
      fill("end-date", end.slice(0, 10));
      fill("end-time", end.slice(11, 16));
    } else fill(at, answer);
  }

  // What one types into a field in doubt is the answer.
  function answerByHand(field) {
    for (const doubt of form.querySelectorAll(`[data-at="${CSS.escape(field.name)}"]`)) {
      const option = doubt.querySelector('input[value="right"]');
      const isOfBoth = /^(start|end)$/.test(doubt.dataset.field) && doubt.dataset.part === "both"; // day and time
      if (option.checked || isOfBoth) continue;
      option.checked = true;
      answerDoubt(option);
    }
  }

  // The zones in doubt, each with what it makes of the time that stands in the form.
  function showZones() {
    for (const option of form.querySelectorAll('[data-field="timezone"] [data-answer]')) {
      const zone = option.dataset.answer;
      const instants = (isZone(zone) && instantsOf(value("start-date"), value("start-time"), zone)) || [];
      const utc = instants.length === 1 ? new Date(instants[0]).toISOString().slice(11, 16) : "";
      const words = { zone, time: value("start-time").slice(0, 5), utc };
      option.nextElementSibling.textContent = utc ? say(told.zone, words) : zone;
    }
  }

  // ---- zones by the name of their city

  function completeZone(field) {
    const city = `/${field.value.trim().toLowerCase().replaceAll(" ", "_")}`;
    const found = [...byId("zones").options].filter((each) => each.value.toLowerCase().endsWith(city));
    if (found.length === 1) field.value = found[0].value;
  }

  // ---- rows

  function setDisabled(button, disabled) {
    if (disabled) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }

  function renumber(section) {
    const name = section.dataset.rows;
    const rows = [...section.querySelectorAll("[data-row]")];
    const numbered = new RegExp(`\\b${name}-\\d+`, "g");
    rows.forEach((row, number) => {
      for (const node of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
        for (const attribute of ["name", "id", "for", "aria-describedby", "aria-errormessage"]) {
          const text = node.getAttribute(attribute);
          if (text) node.setAttribute(attribute, text.replace(numbered, `${name}-${number}`));
        }
        if (node.name === "do") node.value = node.value.replace(numbered, `${name}-${number}`);
      }
      for (const node of row.querySelectorAll("[data-number]")) node.textContent = number + 1;
      const [up, down] = ["up", "down"].map((what) => row.querySelector(`[value^="${what}-"]`));
      setDisabled(up, number === 0);
      setDisabled(down, number === rows.length - 1);
    });
    connectNames();
  }

  function addRow(section) {
    const rows = section.querySelectorAll("[data-row]");
    if (rows.length >= Number(section.dataset.most)) return;
    const list = section.querySelector("[data-list-of]");
    list.append(section.querySelector("template").content.cloneNode(true));
    addHandle(list.lastElementChild);
    renumber(section);
    list.lastElementChild.querySelector("input:not([type=hidden])").focus();
  }

  function changeRow(button, what) {
    const [row, section] = [button.closest("[data-row]"), button.closest("[data-rows]")];
    const other = what === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (what === "remove") {
      const next = other || row.previousElementSibling;
      row.remove();
      (next?.querySelector("input:not([type=hidden])") || byId(`add-${section.dataset.rows}`)).focus();
    } else if (other) {
      if (what === "up") other.before(row);
      else other.after(row);
      button.focus();
    }
    renumber(section);
    showMoments();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="do"]');
    const [what] = button ? button.value.split("-") : [];
    if (!["add", "up", "down", "remove"].includes(what)) return;
    event.preventDefault();
    if (what === "add") addRow(button.closest("[data-rows]"));
    else changeRow(button, what);
  });

  // ---- drag a row by its handle, with mouse, pen or finger; the buttons do the same by keyboard

  function addHandle(row) {
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    row.querySelector("legend").prepend(handle);
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      drag(row);
    });
  }

  // The document listens: a row that is put elsewhere loses the pointer.
  function drag(row) {
    const list = row.parentElement;
    const follow = ({ clientY }) => {
      const others = [...list.children].filter((each) => each !== row);
      const next = others.find((each) => {
        const { top, height } = each.getBoundingClientRect();
        return clientY < top + height / 2;
      });
      if ((next || null) === row.nextElementSibling) return;
      list.insertBefore(row, next || null);
      renumber(row.closest("[data-rows]"));
    };
    const drop = () => {
      row.classList.remove("dragged");
      document.removeEventListener("pointermove", follow);
      for (const end of ["pointerup", "pointercancel"]) document.removeEventListener(end, drop);
      showMoments();
    };
    row.classList.add("dragged");
    document.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, drop);
  }

  // ---- names from the address book

  const people = new Map();
  const isName = (field) => /^performers-\d+-name$/.test(field.name || "");
  let asked = 0;

  const LISTS = [ // fields that are completed: the id of their list, which is also the path of what it may hold
    [/^performers-\d+-name$/, "people"],
    [/^(performers-\d+-organization|organizers-\d+-name)$/, "organizations"],
    [/^series$/, "series"],
  ];
  const listOf = (field) => LISTS.find(([names]) => names.test(field.name || ""))?.[1];

  const connectNames = () => {
    for (const each of form.querySelectorAll("input")) if (listOf(each)) each.setAttribute("list", `known-${listOf(each)}`);
  };

  async function suggest(field) {
    const [text, list, number] = [field.value.trim(), listOf(field), ++asked];
    if (text.length < 2) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (field.value.trim() !== text) return; // typed on
    const answer = await fetch(`/-/${list}/names?q=${encodeURIComponent(text)}`).catch(() => null);
    if (!answer?.ok) return;
    const said = await answer.json();
    const found = said.people || said.names.map((name) => ({ name }));
    if (said.people) {
      for (const { name } of found) people.set(name, found.filter((each) => each.name === name));
      complete(field);
    }
    if (number !== asked) return;
    byId(`known-${list}`).replaceChildren(...found.map((each) => {
      const label = [each.name, each.organization, each.email].filter(Boolean).join(" · ");
      return Object.assign(document.createElement("option"), { value: each.name, label: label === each.name ? "" : label });
    }));
  }

  // What was filled in for one name goes with it; what is typed by hand stays. Of two people of one name nobody is taken:
  // who is meant is for the operator to say.
  function complete(field) {
    const found = people.get(field.value.trim()) || [];
    const person = found.length === 1 ? found[0] : {};
    const row = field.closest("[data-row]");
    for (const name of ["organization", "email"]) {
      const other = row.querySelector(`[name$="-${name}"]`);
      if (!other.value || other.value === other.dataset.filled) other.value = other.dataset.filled = person[name] || "";
    }
  }

  form.addEventListener("input", (event) => {
    if (isName(event.target)) complete(event.target);
    if (listOf(event.target)) suggest(event.target);
    if (/^start-(date|time)$/.test(event.target.name || "")) moveEnd();
    if (event.target.name === "duration") moveEndByLength();
    answerByHand(event.target);
    showMoments();
  });
  form.addEventListener("change", (event) => {
    if (isName(event.target)) complete(event.target);
    if (/(^|-)timezone$/.test(event.target.name || "")) completeZone(event.target);
    if (/^note-[0-9a-f]+$/.test(event.target.name || "")) answerDoubt(event.target);
    showMoments();
  });

  // ---- a picture that is too large is not sent at all, nor one that is too much beside the others

  const MOST_BYTES = 10_000_000;
  const MOST_TOGETHER = 20_000_000;
  const sizeOf = (input) => input.files[0]?.size || 0;

  // Its field is empty, and yet the form is not sent before another picture is chosen or none is wanted.
  function refuse(input, isTooLarge) {
    const refusal = input.parentElement.querySelector("[data-too-large]");
    refusal.hidden = !isTooLarge;
    input.setCustomValidity(isTooLarge ? refusal.firstElementChild.textContent.trim() : "");
    input.ariaInvalid = isTooLarge ? "true" : null;
    if (isTooLarge) input.setAttribute("aria-errormessage", refusal.id);
    else input.removeAttribute("aria-errormessage");
  }
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    const together = [...form.querySelectorAll("input[type=file]")].reduce((sum, input) => sum + sizeOf(input), 0);
    const isTooLarge = sizeOf(target) > MOST_BYTES;
    const isTooMuch = !isTooLarge && together > MOST_TOGETHER;
    refuse(target, isTooLarge);
    target.parentElement.querySelector("[data-too-much]").hidden = !isTooMuch;
    if (isTooLarge || isTooMuch) target.value = "";
  });
  form.addEventListener("click", ({ target }) => {
    if (!target.matches("[data-without]")) return;
    const input = target.closest(".picture").querySelector("input[type=file]");
    refuse(input, false);
    input.focus();
  });
  form.addEventListener("submit", (event) => {
    const refused = form.querySelector("input[type=file]:invalid");
    if (!refused) return;
    event.preventDefault();
    refused.closest("details")?.setAttribute("open", "");
    refused.focus();
  });

  form.querySelectorAll("[data-row]").forEach(addHandle);
  connectNames();
  showMoments();
})();
