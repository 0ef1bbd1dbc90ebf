// What helps while a section is typed. The server decides all of it again; without this file nothing is lost.
const typed = document.getElementById("section-form");

// A number belongs to the unit that stood beside it when it was typed. Where the unit changes later, the server asks.
typed.addEventListener("input", (event) => {
  const row = event.target.name.endsWith("-value") && event.target.closest("[data-row]");
  const unitWas = row && row.querySelector("input[name$='-UNIT_WAS']");
  if (!unitWas) return;
  unitWas.value = row.querySelector("select[name$='-unit']").value;
  row.querySelector("input[name$='-VALUE_WAS']").value = event.target.value;
});

// In an empty input for a date the key = enters the day of the visit.
typed.addEventListener("keydown", (event) => {
  const day = typed.dataset.visitDay;
  if (event.key !== "=" || !day || !event.target.matches("[data-date]") || event.target.value) return;
  event.preventDefault();
  event.target.value = day;
  for (const kind of ["input", "change"]) event.target.dispatchEvent(new Event(kind, { bubbles: true }));
});

// What the server read of a text stands in its place once the input is left: the server alone knows how texts are read.
function echo() {
  for (const read of document.querySelectorAll("#echoes [data-of]")) {
    const input = typed.elements[read.dataset.of];
    if (!input || input === document.activeElement || input.value !== read.dataset.typed) continue;
    for (const each of read.children) typed.elements[each.dataset.name].value = each.value;
    if (read.dataset.told) tell(input, read.dataset.told);
  }
}

// What was read is told where it is more than was typed: the year of a date.
function tell(input, words) {
  const place = input.closest(".ask-answer, .cell, .day-for-all");
  const told = place.querySelector(":scope > .told") || document.createElement("p");
  told.className = "told";
  told.setAttribute("role", "status");
  place.append(told);
  setTimeout(() => { told.textContent = words; });
}

// What the server cannot read is marked at its input once that is left; what is missing there yet is no mistake.
function mark() {
  for (const message of typed.querySelectorAll(".fault.is-live")) unmark(message);
  for (const problem of document.querySelectorAll("#panel [data-unreadable]")) {
    const place = document.getElementById(problem.dataset.unreadable);
    const input = place?.querySelector("input:not([type=hidden], [type=radio], [type=checkbox], .picked-date)");
    if (!input?.value || place.contains(document.activeElement) || place.querySelector(".fault")) continue;
    const message = document.createElement("p");
    message.className = "fault is-live";
    message.id = `${input.id}_unreadable`;
    message.textContent = problem.querySelector(".why").textContent;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), message.id].filter(Boolean).join(" "));
    (input.closest(".ask-answer, .cell, .day-for-all") || place).append(message);
  }
}

function unmark(message) {
  for (const input of typed.querySelectorAll(`[aria-describedby~="${message.id}"]`)) {
    const others = input.getAttribute("aria-describedby").split(" ").filter((id) => id !== message.id);
    if (others.length) input.setAttribute("aria-describedby", others.join(" "));
    else input.removeAttribute("aria-describedby");
    input.removeAttribute("aria-invalid");
  }
  message.remove();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "panel") return;
  echo();
  mark();
});
typed.addEventListener("focusout", () => setTimeout(() => {
  echo();
  mark();
}));

// A second click on “history” closes what the first one opened.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches(".history-link")) return;
  const slot = event.detail.target;
  const isShown = slot.childElementCount > 0;
  event.target.setAttribute("aria-expanded", String(!isShown));
  if (!isShown) return;
  event.preventDefault();
  slot.replaceChildren();
});

// What was opened in the panel stays open when the panel is renewed.
let opened = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "panel") return;
  opened = [...event.detail.target.querySelectorAll("details[open]")].map((details) => details.id);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "panel") return;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
});

// A link to a field leads into the field: typing goes on there, and not only reading.
// Whoever comes to the form itself, from the section before, the list of sections or past it, begins with its first
// question. Of choices the one that is made has the focus, as after Tab: an arrow key goes on from there.
const FIELD = "input:not([type=hidden]), select, textarea";
const chosen = (field) => (field?.matches("[type=radio]") && typed.querySelector(`[name="${field.name}"]:checked`)) || field;

// The first question that is open, of what is in sight; else the first of all.
function enter() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (place?.contains(typed)) return go(chosen(firstOpen()) || first(typed));
  if (!place || !typed.contains(place)) return;
  const field = place.matches(FIELD) ? place : place.querySelector("input[name$='-value']") || first(place);
  go(chosen(field));
}

// As Tab does: what is typed replaces what is there.
function go(field) {
  field?.focus();
  if (field?.matches("input:not([type=radio], [type=checkbox])")) field.select();
}

function firstOpen() {
  const fields = [...typed.querySelectorAll(`${FIELD}, [data-list-end] [name=add]`)];
  return fields.find((field) => field.checkVisibility() && field.tabIndex >= 0 && isOpen(field));
}

// A list is open until it has an entry or is said to be complete.
function isOpen(field) {
  if (field.matches("[name=add]")) {
    const end = field.closest("[data-list-end]");
    return !end.querySelector(":checked") && !typed.querySelector(`[data-rows="${end.dataset.listEnd}"] [data-row]:not([hidden])`);
  }
  if (field.matches(".picked-date") || field.closest(".remove, .review, .carried")) return false;
  if (!field.matches("[type=radio], [type=checkbox]")) return field.value === "";
  return !field.closest(".choices")?.querySelector(":checked:not([value=''])");
}

function first(place) {
  return chosen([...place.querySelectorAll(`${FIELD}, [data-list-end] [name=add]`)].find((field) => field.checkVisibility()));
}

function begin() {
  if (!document.activeElement?.matches("[role=alert]")) enter();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='#']");
  if (!link || !link.hash || link.pathname !== location.pathname) return;
  link.closest("[popover]:popover-open")?.hidePopover();
  setTimeout(enter);
});
if (location.hash) window.addEventListener("load", () => setTimeout(begin));

// After a save typing goes on where it was. Rows may have got other numbers by it: an input is found again by the
// question around it, the place of its row there, and its own name.
const LAST_PLACE = "last-place";
const around = (input) => input.closest("[role=group][id], section[id], #section-form");
const rowsOf = (place) => [...place.querySelectorAll("[data-row]")];
const nameOf = (input) => input.name.replace(/^.*-\d+-/, "");
const choiceOf = (input) => (input.matches("[type=radio], [type=checkbox]") ? input.value : "");
let last = null;

typed.addEventListener("focusin", (event) => {
  if (event.target.matches(FIELD)) last = event.target;
});
typed.addEventListener("submit", (event) => {
  if (event.submitter?.name) return; // any other button leads elsewhere
  const place = last ? around(last) : typed;
  const row = last ? rowsOf(place).indexOf(last.closest("[data-row]")) : -1;
  const kept = { page: location.pathname, id: place.id, row, name: last && nameOf(last), choice: last && choiceOf(last) };
  sessionStorage.setItem(LAST_PLACE, JSON.stringify(kept));
});

function goOn() {
  const kept = JSON.parse(sessionStorage.getItem(LAST_PLACE));
  sessionStorage.removeItem(LAST_PLACE);
  if (kept?.page !== location.pathname || location.hash || document.activeElement !== document.body) return;
  const place = document.getElementById(kept.id) || typed;
  const inputs = (place && rowsOf(place)[kept.row]) || place;
  const isIt = (input) => nameOf(input) === kept.name && choiceOf(input) === kept.choice;
  ([...inputs.querySelectorAll(FIELD)].find(isIt) || first(place))?.focus();
}

window.addEventListener("load", goOn);
