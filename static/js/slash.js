// The key “/” leads to the search of the page, or to that of the work list where a page has none; “?” shows the keys of a
// page, and a link that names a key is followed by it. A single key is in the way of somebody who speaks what is typed: it can be turned off beside the search (WCAG 2.1.4).
const SLASH = "slash"; // in the browser's own memory
const COMPOSING = 229; // the key code of a key that an input method takes
const FIELD = "input, select, textarea, [contenteditable]";
const search = document.querySelector("form[role=search] :is([name=search], [name=text])");
const elsewhere = document.querySelector("[data-search]")?.dataset.search;
const toggle = document.querySelector(".slash");
const isOff = () => localStorage.getItem(SLASH) === "off";

function tell() {
  toggle.textContent = isOff() ? toggle.dataset.off : toggle.dataset.on;
  toggle.hidden = false;
}

function announce() {
  if (toggle) tell();
  if (isOff()) search?.removeAttribute("aria-keyshortcuts");
  else search?.setAttribute("aria-keyshortcuts", "/");
}

// In a list a box to tick takes no text; in a form every answer does, and a key pressed by mistake must not leave it.
function isTyping(element) {
  return element.matches(search ? `:is(${FIELD}):not([type=checkbox], [type=radio])` : FIELD);
}

function enter() {
  search.focus();
  search.select();
}

toggle?.addEventListener("click", () => {
  localStorage.setItem(SLASH, isOff() ? "on" : "off");
  announce();
});

document.addEventListener("keydown", (event) => {
  if (!/^[/?n]$/i.test(event.key) || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (isOff() || event.isComposing || event.keyCode === COMPOSING) return;
  if (event.key === "?") return help(event);
  if (isTyping(event.target)) return;
  if (event.key !== "/") return follow(event);
  if (!search && !elsewhere) return;
  event.preventDefault();
  if (search) enter();
  else location.assign(elsewhere);
});

// Also where a choice has the focus, or the input of a day or number, in which no “?” is typed.
function help(event) {
  const keys = document.getElementById("keys-help");
  if (!keys || event.target.matches(`:is(${FIELD}):not([type=checkbox], [type=radio], .typed-date, .typed-number)`)) return;
  event.preventDefault();
  keys.togglePopover();
}

function follow(event) {
  const link = event.repeat || event.shiftKey ? null : document.querySelector(`a[aria-keyshortcuts="${event.key.toUpperCase()}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
}

announce();
if (search && location.hash === `#${search.id}`) enter();
