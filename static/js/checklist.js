// Enter leads from the details of a condition to the next one, where it would save the section. At an answer it does
// nothing: the key that answers has led on already (choices.js).
for (const list of document.querySelectorAll("[data-walk]")) {
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
