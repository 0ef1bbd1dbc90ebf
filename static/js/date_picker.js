// A button beside each input for a date opens the browser's own calendar; Alt+↓ in the input does the same, so that Tab
// goes on from answer to answer. Without this file, or where a browser has no calendar to open, dates are typed.
const DATED = "input[data-date]";
const WHOLE_DATE = /^\d{4}-\d{2}-\d{2}$/;
const parts = document.getElementById("date-picker").content;

if ("showPicker" in HTMLInputElement.prototype) document.querySelectorAll(DATED).forEach(furnish);

function furnish(input) {
  const isFocused = document.activeElement === input; // an input that is moved loses the focus
  const entry = document.createElement("span");
  entry.className = "date-entry";
  input.before(entry);
  entry.append(input, parts.cloneNode(true));
  entry.querySelector(".visually-hidden").append(input.getAttribute("aria-label") || input.labels[0]?.textContent.trim().replace(/\s+/g, " "));
  input.setAttribute("aria-keyshortcuts", "Alt+ArrowDown");
  if (isFocused) input.focus();
}

function open(entry) {
  const [input, picked] = [entry.querySelector(DATED), entry.querySelector(".picked-date")];
  picked.value = WHOLE_DATE.test(input.value) ? input.value : "";
  picked.showPicker();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".pick-date");
  if (button) open(button.parentElement);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.key !== "ArrowDown" || !event.target.matches(`.date-entry ${DATED}`)) return;
  event.preventDefault();
  open(event.target.parentElement);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches(".picked-date") || !event.target.value) return;
  const input = event.target.parentElement.querySelector(DATED);
  input.value = event.target.value;
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
  input.focus();
});
