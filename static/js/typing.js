// What helps while a section is typed. The server decides all of it again; without this file nothing is lost.
"use strict";

const typed = document.getElementById("section-form");

// A number belongs to the unit that stood beside it when it was typed. Where the unit changes later, the server asks.
typed.addEventListener("input", (event) => {
  const row = event.target.name.endsWith("-value") && event.target.closest("[data-row]");
  const unitWas = row && row.querySelector("input[name$='-UNIT_WAS']");
  if (!unitWas) return;
  unitWas.value = row.querySelector("select[name$='-unit']").value;
  row.querySelector("input[name$='-VALUE_WAS']").value = event.target.value;
});

// Conditions that nobody answered become absent, all at once, and are marked so that they can be looked at.
for (const bulk of document.querySelectorAll("[data-bulk]")) {
  const unanswered = () => [...bulk.closest("section").querySelectorAll("[data-row] .status")].filter(isOpen);
  bulk.hidden = unanswered().length === 0;
  bulk.querySelector("button").addEventListener("click", () => {
    const open = unanswered();
    for (const status of open) {
      status.querySelector("input[value=absent]").checked = true;
      status.closest(".condition").classList.add("is-set");
    }
    const told = bulk.querySelector("[data-done]");
    told.textContent = `${told.dataset.done} ${open.length}`;
    typed.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function isOpen(status) {
  return status.querySelector("input[value=absent]") && !status.querySelector("input:checked");
}

typed.addEventListener("change", (event) => {
  if (event.target.closest && event.target.matches("input[type=radio]")) {
    event.target.closest(".condition")?.classList.remove("is-set");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.ctrlKey || !typed.contains(event.target)) return;
  event.preventDefault();
  typed.querySelector("button[name=next]").click();
});

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
const FIELD = "input:not([type=hidden]), select, textarea";

function enter() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place || !typed.contains(place)) return;
  const field = place.matches(FIELD) ? place : place.querySelector("input[name$='-value']") || place.querySelector(FIELD);
  field?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='#']");
  if (link && link.hash && link.pathname === location.pathname) setTimeout(enter);
});
if (location.hash) window.addEventListener("load", () => setTimeout(enter));

// After a save that was refused, reading goes on where it says why.
document.querySelector("[role=alert][tabindex='-1']")?.focus();
