// Answers a question with few choices by one key, and leads on to the next question; a group of boxes to tick is one stop
// of Tab. The keys hold only while the focus is in the question itself (WCAG 2.1.4). Without this file choices are made
// as everywhere else.
const form = document.getElementById("section-form");
const COMPOSING = 229; // the key code of a key that an input method takes
const NOT_KNOWN = ["", "unknown"]; // the choices that say that nothing is known, by the key U
const RADIO = ".choices [type=radio]";
const BOX = ".choices [type=checkbox]";
const STOPS = "input:not([type=hidden]), select, textarea, .record-list ~ [name=add], .actions .btn-primary";
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

const choicesAround = (input) => [...input.closest(".choices").querySelectorAll("input")];
const letterOf = (input) => input.labels[0].textContent.trim().charAt(0).toLowerCase();

// The first letter or the digit of a choice, where no other choice begins with it. U never answers anything else.
function keyOf(radio) {
  if (NOT_KNOWN.includes(radio.value)) return "u";
  const [key, known] = [letterOf(radio), choicesAround(radio).filter((each) => !NOT_KNOWN.includes(each.value))];
  return key !== "u" && known.filter((each) => letterOf(each) === key).length === 1 ? key : "";
}

function announce() {
  for (const radio of form.querySelectorAll(RADIO)) {
    const key = keyOf(radio);
    if (!key) continue;
    radio.setAttribute("aria-keyshortcuts", key.toUpperCase());
    radio.labels[0].classList.toggle("by-key", key === letterOf(radio));
  }
}

function answer(event) {
  const key = event.key.toLowerCase();
  const chosen = choicesAround(event.target).find((radio) => keyOf(radio) === key);
  if (!chosen || event.repeat) return;
  event.preventDefault();
  chosen.click();
  form.dispatchEvent(new Event("answered")); // which shows the follow-up questions (follow_ups.js)
  leadOn(chosen); // at once: the next key, however quick, must not answer this question again
}

// Where Tab would go from the answer: past the links beside it, and to the choice that is made of the next question.
function leadOn(from) {
  const [last] = choicesAround(from).slice(-1);
  const next = [...form.querySelectorAll(STOPS)].find((stop) => isAfter(last, stop) && isStop(stop));
  next?.focus();
  if (next?.matches("input:not([type=radio], [type=checkbox])")) next.select();
}

function isAfter(place, stop) {
  return Boolean(place.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function isStop(stop) {
  if (!stop.checkVisibility() || stop.closest(".remove")) return false;
  if (!stop.matches("[type=radio]")) return stop.tabIndex >= 0;
  return stop === (form.querySelector(`[name="${stop.name}"]:checked`) || form.querySelector(`[name="${stop.name}"]`));
}

// Of boxes to tick, the one that was last gone to is the stop of Tab: at first the first that is ticked.
function stopAt(box) {
  for (const each of choicesAround(box)) each.tabIndex = each === box ? 0 : -1;
}

// The arrow keys go from box to box, a letter to the next that begins with it; the space bar ticks.
function walk(event) {
  const boxes = choicesAround(event.target);
  const at = boxes.indexOf(event.target);
  const following = [...boxes.slice(at + 1), ...boxes.slice(0, at)];
  const step = STEPS[event.key];
  const next = step ? following.at(step > 0 ? 0 : -1) : following.find((box) => letterOf(box) === event.key.toLowerCase());
  if (!next) return;
  event.preventDefault();
  next.focus();
}

form.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.isComposing || event.keyCode === COMPOSING) return;
  if (event.target.matches(RADIO)) answer(event);
  if (event.target.matches(BOX)) walk(event);
});
form.addEventListener("focusin", (event) => {
  if (event.target.matches(BOX)) stopAt(event.target);
});

for (const group of form.querySelectorAll(".choices:has([type=checkbox])")) {
  stopAt(group.querySelector(":checked") || group.querySelector("input"));
}
if (form.querySelector(`${RADIO}, ${BOX}`)) {
  for (const help of document.querySelectorAll(".section-body .walk-help")) help.hidden = false;
}
announce();
