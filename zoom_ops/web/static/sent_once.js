// Forms that take a code: a second click sends nothing, since no code is right twice; a reload does not show new codes again.
"use strict";

(() => {
  const SENDING_MS = 3000; // whoever waits longer may send it again
  const sent = new WeakMap(); // when each form was sent

  document.addEventListener("submit", (event) => {
    const now = performance.now();
    if (now - sent.get(event.target) < SENDING_MS) event.preventDefault();
    else sent.set(event.target, now);
  });
  if (document.getElementById("codes")) history.replaceState(null, "", "/account"); // the form is forgotten
})();
