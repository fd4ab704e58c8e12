/* What a quote's words, its number in the text and its note have in common is told when one of them is pointed at, and
   single keys lead from quote to quote. Without this file the page has all that, but for the keys and the pointing. */
"use strict";

const article = document.querySelector("article.reading");
const STORED = "verbatim-single-keys";
let keysOn = true;
let current = -1;

/* Storage may be forbidden: the keys are then on until the page is left. */
try { keysOn = localStorage.getItem(STORED) !== "off"; } catch { /* nothing is kept */ }

const of = id => document.querySelectorAll(`[data-note="${id}"]`);

const shown = {};

function light(id, name) {
  if (shown[name] === id) return;
  shown[name] = id;
  for (const lit of document.querySelectorAll(`.${name}`)) lit.classList.remove(name);
  if (id) for (const part of of(id)) part.classList.add(name);
}

function idOf(target) {
  const part = target instanceof Element ? target.closest("[data-note]") : null;
  return part ? part.dataset.note : null;
}

for (const [on, off, name] of [["mouseover", "mouseleave", "lit"], ["focusin", "focusout", "held"]]) {
  document.addEventListener(on, event => light(idOf(event.target), name));
  document.documentElement.addEventListener(off, () => light(null, name));
}

/* The address names a quote: its note opens, and its words are lit in every row that they run through. */
function follow() {
  const id = location.hash.replace(/^#[qt]-/, "");
  const note = id && document.getElementById(`q-${id}`);
  light(note ? id : null, "named");
  if (note && location.hash.startsWith("#q-")) {
    const more = note.querySelector("details");
    if (more) more.open = true;
    note.scrollIntoView({ block: "center", behavior: "instant" });
  }
}
addEventListener("hashchange", follow);
follow();

const numbers = () => [...article.querySelectorAll(".text .ref:not(.remark)")];

/* Quotes are met in the order of their first words; the number stands behind the last ones. */
function inOrder() {
  return numbers().sort((one, other) => parseInt(one.textContent, 10) - parseInt(other.textContent, 10));
}

function step(by) {
  const all = inOrder();
  if (!all.length) return;
  const id = idOf(document.activeElement);
  const held = id === null ? -1 : all.findIndex(number => number.dataset.note === id);
  if (held >= 0) current = held;
  current = Math.min(all.length - 1, Math.max(0, current + by));
  const number = all[current];
  number.focus({ preventScroll: true });
  number.scrollIntoView({ block: "center" });
}

function open() {
  const number = document.activeElement;
  if (!number.matches(".text .ref:not(.remark)")) return false;
  const link = document.querySelector(`#q-${number.dataset.note} .open`);
  if (!link) return false;
  location.assign(link.href);
  return true;
}

const isField = element => element.matches("input, textarea, select, [contenteditable]");
const help = document.getElementById("keys");
const box = document.getElementById("keys-on");

document.addEventListener("keydown", event => {
  if (!keysOn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
  if (event.target instanceof Element && isField(event.target)) return;
  const done = {
    j: () => step(1), n: () => step(1), k: () => step(-1), p: () => step(-1), "?": () => help.showModal(), Enter: open,
  }[event.key];
  if (done && done() !== false) event.preventDefault();
});

document.querySelector(".keys-hint").hidden = false;
document.getElementById("keys-open").addEventListener("click", () => help.showModal());
box.checked = keysOn;
box.addEventListener("change", () => {
  keysOn = box.checked;
  try { localStorage.setItem(STORED, keysOn ? "on" : "off"); } catch { /* nothing is kept */ }
});
