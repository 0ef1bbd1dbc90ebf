// N answers as absent what is not answered yet of the body system in which the focus is, as the button below it does, and
// leads on to the next; what was known at an earlier visit, or is the investigator's judgement, is asked by itself.
// Enter leads from the details of a condition to the next one, where it would save the section. At an answer it does
// nothing: the key that answers has led on already (choices.js).
for (const list of document.querySelectorAll("[data-walk]")) {
  for (const group of list.querySelectorAll("[data-none-of]")) {
    const button = group.querySelector("[name=absent]");
    if (button) button.tabIndex = -1; // N does it at every answer
    offer(group);
  }
  list.addEventListener("change", (event) => offer(event.target.closest("[data-none-of]")));
  list.addEventListener("keydown", (event) => {
    const group = event.target.matches(".status input") && event.target.closest("[data-none-of]");
    if (!group || event.key.toLowerCase() !== "n" || event.repeat || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    denyRest(list, group);
  });
  list.addEventListener("click", (event) => {
    if (!event.target.matches("[name=absent]")) return;
    event.preventDefault();
    denyRest(list, event.target.closest("[data-none-of]"));
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const entry = event.target.closest(".entry");
    if (!entry || !event.target.matches("input")) return;
    event.preventDefault();
    if (!event.target.closest(".status")) walk(list, entry, event.shiftKey ? -1 : 1);
  });
}

// To the answer of the entry after or before this one; at either end the focus stays.
function walk(list, entry, step) {
  const entries = [...list.querySelectorAll(".entry")];
  const status = entries[entries.indexOf(entry) + step]?.querySelector(".status");
  (status?.querySelector("input:checked") || status?.querySelector("input"))?.focus();
}

function asked(group) {
  return [...group.querySelectorAll(".condition:not([data-alone])")];
}

function isAnswered(status) {
  return Boolean(status.querySelector("input:checked:not([value=''])"));
}

// The button and its key are shown as long as there is something left to answer by them.
function offer(group) {
  const isLeft = asked(group).some((condition) => [...condition.querySelectorAll(".status")].some((one) => !isAnswered(one)));
  for (const shown of group.querySelectorAll(":scope > :is(.none-of, .keys)")) shown.hidden = !isLeft;
}

function denyRest(list, group) {
  const denied = asked(group).filter((condition) => [...condition.querySelectorAll(".status")].map(deny).some(Boolean));
  const names = denied.map((condition) => condition.querySelector("h3, h4").textContent.trim());
  const { said, alone } = group.querySelector(":scope > .told").dataset;
  const isOpen = [...group.querySelectorAll("[data-alone] .status")].some((status) => !isAnswered(status));
  tell(group, names.length ? `${said} ${names.join(", ")}` : isOpen ? alone : "");
  leave(list, group);
}

function tell(group, words) {
  const told = group.querySelector(":scope > .told");
  told.setAttribute("role", "status");
  setTimeout(() => { told.textContent = words; });
}

// Answers a condition as absent where nothing is answered; says whether it did.
function deny(status) {
  if (isAnswered(status)) return false;
  status.querySelector("[value=absent]").click();
  return true;
}

// To the first answer after a body system, else to the first thing to press.
function leave(list, group) {
  const groups = [...list.querySelectorAll("[data-none-of]")];
  const next = groups[groups.indexOf(group) + 1];
  const waiting = group.querySelector(".status:not(:has(input:checked:not([value='']))) input");
  (waiting || next?.querySelector(".status input:checked, .status input") || document.querySelector(".actions .btn-primary")).focus();
}
