// Grows a list of rows at once. Without this file the same buttons ask the server for one row more.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=add]");
  if (!button) return;
  const key = button.value.split(".")[0];
  const rows = button.closest("[role=group], section").querySelector(`[data-rows="${key}"]`);
  const count = document.querySelector(`input[name="${key}-rows"]`);
  const last = rows && rows.querySelector("[data-row]:last-of-type");
  if (!last || !count) return;
  event.preventDefault();
  if (last.hidden) return show(last); // lists.js
  const row = blank(last, key, Number(count.value));
  last.after(row);
  count.value = Number(count.value) + 1;
  const number = row.querySelector("[data-number]");
  if (number) number.textContent = rows.querySelectorAll("[data-row]").length;
  enter(row);
});

function show(row) {
  row.hidden = false;
  row.closest("section").querySelector(".nothing-listed").hidden = true;
  enter(row);
}

function enter(row) {
  const first = row.querySelector("input:not([type=hidden]), select");
  (first.type === "radio" ? row.querySelector(`[name="${first.name}"]:checked`) || first : first).focus();
}

// A copy of the row under a new index, with nothing chosen, typed, wrong or asked in it; a result keeps its unit.
function blank(row, key, index) {
  const copy = row.cloneNode(true);
  copy.querySelectorAll(".fault, .remove, .history-link").forEach((element) => element.remove());
  copy.querySelectorAll(".slot, .notes, [data-told]").forEach((element) => element.replaceChildren());
  const old = new RegExp(`(^|[ _-])${key}-\\d+-`, "g");
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(old, `$1${key}-${index}-`));
    }
  }
  copy.querySelectorAll("[aria-invalid]").forEach((element) => element.removeAttribute("aria-invalid"));
  copy.querySelectorAll("input").forEach(clear);
  const shown = row.querySelectorAll("select");
  copy.querySelectorAll("select").forEach((select, at) => {
    select.selectedIndex = "kept" in select.dataset ? shown[at].selectedIndex : 0;
  });
  return copy;
}

function clear(input) {
  if (input.type === "radio") input.checked = input.value === "";
  else if (input.type === "checkbox") input.checked = false;
  else if (input.type !== "hidden" || /-(PLACE|UNIT_WAS|VALUE_WAS|KEPT|REPORTED)$/.test(input.name)) input.value = "";
}
