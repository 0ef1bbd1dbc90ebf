// Walks the laboratory's grid by keyboard: Tab goes from value to value, the arrow keys to the rest of a test. Without
// this file every input is a stop of Tab.
const STOPS = ".test-name :is(a, button), .cell :is(input:not(.picked-date), select)";

for (const grid of document.querySelectorAll("[data-grid]")) {
  arrange(grid);
  new MutationObserver(() => arrange(grid)).observe(grid, { childList: true, subtree: true }); // rows are added
  grid.querySelector(".walk-help").hidden = false;
  grid.addEventListener("keydown", walk);
}

// Of a test that was measured several times Tab goes to the last row. What is wrong is a stop wherever it is.
function arrange(grid) {
  for (const test of grid.querySelectorAll(".test")) {
    const value = [...test.querySelectorAll("input[name$='-value']")].at(-1);
    for (const stop of test.querySelectorAll(STOPS)) {
      stop.tabIndex = stop === value || stop.hasAttribute("aria-invalid") ? 0 : -1;
    }
  }
}

function walk(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing) return;
  if (!event.target.matches(STOPS) || !isAtEnd(event.target, step)) return;
  event.preventDefault();
  const stops = [...event.target.closest(".test").querySelectorAll(STOPS)];
  const next = stops[stops.indexOf(event.target) + step];
  next?.focus();
  if (next?.matches("input")) next.select(); // as Tab does: typing replaces it, and the next arrow key leads on
}

// In a text the arrow keys move the cursor first.
function isAtEnd(target, step) {
  if (!target.matches("input")) return true;
  return step > 0 ? target.selectionEnd === target.value.length : target.selectionStart === 0;
}
