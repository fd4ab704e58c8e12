"use strict";
/* Keys for who decides many proposals. Everything they do is a button or a link of the page too. A single letter is easily
   pressed by mistake or said to a program that types what it hears: so they are off in every field, and can be turned off
   for good (WCAG 2.1.4). */
const KEPT = "verbatim-review-keys";
const keys = document.getElementById("keys");
const use = document.getElementById("use-keys");

function open(id) {
  const panel = document.getElementById(id);
  if (!panel) return;
  panel.open = true;
  panel.querySelector("textarea, input:not([type=hidden])").focus();
}

function press(selector) {
  const found = document.querySelector(selector);
  if (found) found.click();
}

const ACTIONS = {
  a: () => press("#accept"),
  c: () => open("correct"),
  r: () => open("reject"),
  n: () => press("#next"),
  p: () => press("#previous"),
  u: () => press(".done button"),
  "?": () => { keys.open = !keys.open; if (keys.open) use.focus(); },
};

function is_typing(target) {
  return target.closest("textarea, select, input:not([type=checkbox], [type=radio])") !== null;
}

/* Storage may be forbidden to pages; then the choice lasts as long as the page. */
function remembered() {
  try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
}
function remember(on) {
  try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* as above */ }
}

if (keys && use) {
  keys.hidden = false;
  use.checked = remembered();
  document.documentElement.classList.toggle("with-keys", use.checked);
  use.addEventListener("change", () => {
    remember(use.checked);
    document.documentElement.classList.toggle("with-keys", use.checked);
  });
  let sent = false;
  document.addEventListener("submit", event => {
    // A second press while the answer is on its way would decide twice.
    if (sent) event.preventDefault();
    sent = true;
    setTimeout(() => { sent = false; }, 5000); // no answer came, or the form was stopped
  });
  addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") {
      const panel = event.target.closest("details[open]");
      if (panel) { panel.open = false; panel.querySelector("summary").focus(); }
      return;
    }
    if (!use.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey || is_typing(event.target)) return;
    const action = ACTIONS[event.key];
    if (action) { event.preventDefault(); action(); }
  });
}
