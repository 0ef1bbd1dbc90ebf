// Answers a question with few choices by one key, and leads on to the next question; a group of boxes to tick is one stop
// of Tab. The keys hold only while the focus is in the question itself (WCAG 2.1.4). Without this file choices are made
// as everywhere else.
const form = document.getElementById("section-form");
const COMPOSING = 229; // the key code of a key that an input method takes
const NOT_KNOWN = ["", "unknown"]; // the choices that say that nothing is known, by the key U
const RADIO = ".choices [type=radio]";
const NO = ".choices [type=radio]:is([value=no], [value=none])"; // what says no; a negative result is measured
const BOX = ".choices [type=checkbox]";
const LIST_END = "[data-list-end]"; // where a list asks for a further entry (Y), or that there is none (N)
const STOPS = `input:not([type=hidden]), select, textarea, ${LIST_END} [name=add], .actions .btn-primary`;
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

const choicesAround = (input) => [...input.closest(".choices").querySelectorAll("input")];
const letterOf = (input) => input.labels[0].textContent.trim().charAt(0).toLowerCase();

// The first letter or the digit of a choice; its place, where another choice begins with the same. U never answers
// anything else.
function keyOf(radio) {
  if (NOT_KNOWN.includes(radio.value)) return "u";
  const [key, known] = [letterOf(radio), choicesAround(radio).filter((each) => !NOT_KNOWN.includes(each.value))];
  const isOwn = key !== "u" && known.filter((each) => letterOf(each) === key).length === 1;
  return isOwn ? key : String(known.indexOf(radio) + 1);
}

function announce() {
  for (const radio of form.querySelectorAll(RADIO)) {
    const key = keyOf(radio);
    if (!key) continue;
    radio.setAttribute("aria-keyshortcuts", key.toUpperCase());
    radio.labels[0].classList.toggle("by-key", key === letterOf(radio));
    if (key !== letterOf(radio) && key !== "u") radio.labels[0].dataset.key = key;
  }
}

function answer(event) {
  const key = event.key.toLowerCase();
  const chosen = choicesAround(event.target).find((radio) => keyOf(radio) === key);
  if (!chosen) return refuse(event);
  if (event.repeat) return;
  event.preventDefault();
  form.querySelector(".not-taken")?.remove();
  chosen.click();
  form.dispatchEvent(new Event("answered")); // which shows the follow-up questions (follow_ups.js)
  leadOn(choicesAround(chosen).at(-1)); // at once: the next key, however quick, must not answer this question again
}

// A key that is no answer is said to be none: what is typed must not vanish unseen.
function refuse(event) {
  if (event.defaultPrevented || event.repeat || !/^[\p{L}\p{N}]$/u.test(event.key)) return;
  form.querySelector(".not-taken")?.remove();
  const told = document.createElement("p");
  told.className = "not-taken";
  told.setAttribute("role", "status");
  (event.target.closest(".ask-answer, .status") || event.target.closest(".choices")).append(told);
  const key = event.shiftKey ? `Shift+${event.key}` : event.key;
  setTimeout(() => { told.textContent = form.dataset.notTaken.replace("%s", key); });
}

// Shift+N answers with no, or none, this question and those after it of the same entry or part that are in sight and open, and tells
// which; what is the investigator's judgement is answered by itself.
function denyRest(event) {
  const start = event.target.closest(".question");
  if (!isOpen(start)) return refuse(event);
  if (event.repeat) return;
  event.preventDefault();
  form.querySelector(".not-taken")?.remove();
  const around = start.closest("[data-row]") || start.closest(".part");
  let last = start;
  const names = [];
  for (const question of around.querySelectorAll(".question")) {
    if (question !== start && !(isAfter(start, question) && isOpen(question))) continue;
    question.querySelector(NO).click();
    form.dispatchEvent(new Event("answered"));
    names.push(question.querySelector(".ask-label").firstChild.textContent.trim());
    last = question;
  }
  tell(last, `${form.dataset.saidNo} ${names.join("; ")}`);
  leadOn(last.querySelector(".choices").lastElementChild);
}

function isOpen(question) {
  const no = question?.querySelector(NO);
  return Boolean(no) && !("judged" in question.dataset) && no.checkVisibility() && !question.querySelector(":checked:not([value=''])");
}

function tell(question, words) {
  form.querySelector(".said-no")?.remove();
  const told = document.createElement("p");
  told.className = "told said-no";
  told.setAttribute("role", "status");
  question.querySelector(".ask-answer").append(told);
  setTimeout(() => { told.textContent = words; });
}

// Where Tab would go from the answer: past the links beside it, and to the choice that is made of the next question.
function leadOn(from) {
  const next = [...form.querySelectorAll(STOPS)].find((stop) => isAfter(from, stop) && isStop(stop));
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

// At the end of a list Y begins a further entry, and N ticks that there is none.
function endList(event) {
  const end = event.target.closest(LIST_END);
  const complete = end.querySelector("[type=checkbox]");
  const key = event.key.toLowerCase();
  if (event.repeat || !(key === "y" || (key === "n" && complete))) return;
  event.preventDefault();
  if (key === "y") return end.querySelector("[name=add]").click();
  if (!complete.checked) complete.click();
  leadOn(complete);
}

// Of boxes to tick, the one that was last gone to is the stop of Tab: at first the first that is ticked.
function stopAt(box) {
  for (const each of choicesAround(box)) each.tabIndex = each === box ? 0 : -1;
}

// N ticks that it is none of these, where nothing is ticked, and leads on.
function denies(event, boxes) {
  const none = boxes.find((box) => box.value === "none_of_these");
  if (event.key.toLowerCase() !== "n" || event.repeat || !none || boxes.some((box) => box.checked)) return false;
  event.preventDefault();
  none.click();
  leadOn(boxes.at(-1));
  return true;
}

// The arrow keys go from box to box, a letter to the next that begins with it; the space bar ticks.
function walk(event) {
  const boxes = choicesAround(event.target);
  const at = boxes.indexOf(event.target);
  const following = [...boxes.slice(at + 1), ...boxes.slice(0, at)];
  const step = STEPS[event.key];
  if (denies(event, boxes)) return;
  const next = step ? following.at(step > 0 ? 0 : -1) : following.find((box) => letterOf(box) === event.key.toLowerCase());
  if (!next) return;
  event.preventDefault();
  next.focus();
}

form.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.isComposing || event.keyCode === COMPOSING) return;
  if (event.shiftKey) return event.target.matches(RADIO) && event.key === "N" ? denyRest(event) : undefined;
  if (event.target.matches(RADIO)) answer(event);
  if (event.target.matches(BOX)) walk(event);
  if (event.target.closest(LIST_END)) endList(event);
});
form.addEventListener("focusin", (event) => {
  if (event.target.matches(BOX)) stopAt(event.target);
});

for (const group of form.querySelectorAll(".choices:has([type=checkbox])")) {
  stopAt(group.querySelector(":checked") || group.querySelector("input"));
}
for (const end of form.querySelectorAll(LIST_END)) {
  for (const key of end.querySelectorAll(".keys")) key.hidden = false;
  end.querySelector("[name=add]").setAttribute("aria-keyshortcuts", "Y");
  end.querySelector("[type=checkbox]")?.setAttribute("aria-keyshortcuts", "N");
}
if (form.querySelector(`${RADIO}, ${BOX}, ${LIST_END}`)) {
  for (const help of document.querySelectorAll(".section-body .walk-help, .keys-open")) help.hidden = false;
}
announce();
