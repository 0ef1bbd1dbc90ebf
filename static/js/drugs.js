// Offers the trial's drugs while a therapy is named, and ticks the codes of each that is chosen or typed. Without this
// file the browser's own list offers the first drug, and codes are ticked by hand.
const listed = document.getElementById("listed-drugs");
const NAMED = "input[data-drugs]";
const DASHES = /[-\u2010-\u2015\u2212]/g;
const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u; // each character counts as a word
const WORD = new RegExp(`${HAN.source}|(?:(?!${HAN.source})[\\p{L}\\p{Nl}\\p{No}])+|\\p{Nd}+`, "gu");
const DIGITS = /^\p{Nd}+$/u;
const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const WITHIN_A_NAME = /^(?:\s+|-\s?|\s-)$/;
const [SEPARATOR, HYPHEN] = [",", "-"];
const LONGEST_TEXT = 100; // characters before the cursor in which a name may begin

const drugs = [...listed.options].map((option) => {
  const read = option.dataset.names.split("\n").map((name) => wordsOf(name).map((word) => word.text)); // as in a text
  const names = read.map((name) => name.filter((word) => word !== SEPARATOR && word !== HYPHEN)); // as they are offered
  return { name: option.value, others: option.label, codes: option.dataset.codes.split(" "), read, names };
});

const box = document.createElement("ul");
box.id = "offered-drugs";
box.className = "offers";
box.setAttribute("role", "listbox");
box.setAttribute("aria-label", listed.dataset.title);

let offered = []; // drugs in the order in which they are shown
let active = -1;
let isStepped = false; // an arrow key has marked the active one; the first arrow down confirms what was marked at first
let begin = 0; // where in the text the name that is being typed begins
let chosenIn = null; // the text in which a drug was chosen, while nothing else has been done
let known = []; // drugs that the text has named before: their codes are not ticked a second time

for (const input of document.querySelectorAll(NAMED)) {
  input.removeAttribute("list");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
}

// The words of a text and what separates them, as the server reads them (criteria/vocabulary/drugs.py, words_of).
function wordsOf(text) {
  const plain = text.replaceAll("™", " ").normalize("NFKC").toLowerCase().normalize("NFKC");
  const clean = plain.replace(UNSEEN, "").replace(DASHES, HYPHEN);
  const found = [];
  let [end, before] = [0, ""];
  for (const match of clean.matchAll(WORD)) {
    const word = match[0];
    const gap = clean.slice(end, match.index);
    const han = [before, word].map((each) => HAN.test(each));
    const isWithin = han[0] && han[1] ? gap === HYPHEN : WITHIN_A_NAME.test(gap);
    if (before && gap && !isWithin) found.push({ text: SEPARATOR, joined: false });
    else if (before && gap && isLetterBesideDigits(before, word)) found.push({ text: HYPHEN, joined: false });
    found.push({ text: word, joined: Boolean(before) && !gap && !han[0] && !han[1] });
    [end, before] = [match.index + word.length, word];
  }
  return found;
}

function isLetterBesideDigits(before, after) {
  const [letters, digits] = DIGITS.test(before) ? [after, before] : [before, after];
  return [...letters].length === 1 && DIGITS.test(digits) && !HAN.test(letters);
}

// The drugs that a text names, as the server finds them: of names that overlap, the longest.
function namedIn(text) {
  const words = wordsOf(text);
  const taken = [];
  const longest = (one, other) => other.length - one.length || one.start - other.start;
  for (const { start, end, drug } of stretches(words).sort(longest)) {
    if (taken.slice(start, end).some(Boolean)) continue;
    for (let at = start; at < end; at += 1) taken[at] = drug;
  }
  return [...new Set(taken.filter(Boolean))];
}

// Each stretch of words that is the name of a drug.
function stretches(words) {
  const found = [];
  for (const drug of drugs) {
    for (const name of drug.read) {
      for (let start = 0; start + name.length <= words.length; start += 1) {
        const end = start + name.length;
        const isName = name.every((word, at) => word === words[start + at].text);
        if (isName && !words[start].joined && !words[end]?.joined) found.push({ start, end, drug, length: name.join("").length });
      }
    }
  }
  return found;
}

// 0 where a name begins with what is typed, 1 where a word within it does, else -1.
function rank(drug, typed) {
  if (drug.names.some((name) => name.join("").startsWith(typed))) return 0;
  return drug.names.some((name) => name.some((_word, at) => name.slice(at).join("").startsWith(typed))) ? 1 : -1;
}

function matches(typed) {
  const ranked = drugs.map((drug) => [rank(drug, typed), drug]).filter(([place]) => place >= 0);
  return ranked.sort(([one], [other]) => one - other).map(([, drug]) => drug);
}

// What stands before the cursor ends with the beginning of a name: the longest such ending counts.
function find(input) {
  const end = input.selectionStart;
  if (/\s$/.test(input.value.slice(0, end))) return [end, []];
  for (let start = Math.max(0, end - LONGEST_TEXT); start < end; start += 1) {
    const rest = input.value.slice(start, end);
    if (/[\p{L}\p{N}]/u.test(rest[0]) && beginsWord(input.value[start - 1] || "", rest[0])) {
      const typed = rest.normalize("NFKC").toLowerCase().replace(DASHES, "").replace(/\s+/g, "");
      const found = typed.length > 1 || HAN.test(typed) ? matches(typed) : [];
      if (found.length) return [start, found];
    }
  }
  return [end, []];
}

function beginsWord(before, letter) {
  return !/[\p{L}\p{N}]/u.test(before) || HAN.test(before) || HAN.test(letter);
}

function offer(input, found) {
  [begin, offered] = found;
  if (!offered.length) return close(input);
  const labels = codeLabels(input);
  box.replaceChildren(...offered.map((drug, at) => option(drug, at, labels)));
  if (box.previousElementSibling !== input) input.after(box);
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", box.id);
  isStepped = false;
  mark(input, begin < input.selectionStart ? 0 : -1); // Enter takes the first that what is typed begins
  box.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function option(drug, at, labels) {
  const item = document.createElement("li");
  item.id = `offered-drug-${at}`;
  item.setAttribute("role", "option");
  const name = document.createElement("span");
  name.textContent = drug.name;
  const more = document.createElement("small");
  more.textContent = [drug.others, drug.codes.map((code) => labels.get(code) || code).join(", ")].filter(Boolean).join(" · ");
  item.append(name, " ", more);
  return item;
}

function mark(input, at) {
  active = at;
  [...box.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
  if (at < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", box.children[at].id);
  const { offsetTop, offsetHeight } = box.children[at];
  box.scrollTop = Math.min(offsetTop, Math.max(box.scrollTop, offsetTop + offsetHeight - box.clientHeight));
}

function close(input) {
  offered = [];
  active = -1;
  box.remove();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-controls");
  input.removeAttribute("aria-activedescendant");
}

function codeBoxes(input) {
  return [...input.closest("[data-row]").querySelectorAll(`input[type=checkbox][name$="-${input.dataset.drugs}"]`)];
}

function labelOf(checkbox) {
  return checkbox.labels[0].textContent.trim();
}

function codeLabels(input) {
  return new Map(codeBoxes(input).map((checkbox) => [checkbox.value, labelOf(checkbox)]));
}

// The name stands in place of what was typed of it; its codes are ticked, and what was ticked stays.
function choose(input, drug) {
  const end = input.selectionStart;
  const before = /[\p{L}\p{N}]$/u.test(input.value.slice(0, begin)) ? " " : "";
  const after = /^[\p{L}\p{N}]/u.test(input.value.slice(end)) ? " " : "";
  input.setRangeText(`${before}${drug.name}${after}`, begin, end, "end");
  tick(input, [drug]);
  known = namedIn(input.value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  close(input);
  chosenIn = input;
}

// A letter typed straight after a drug that was chosen begins one more.
function join(event) {
  const input = event.target;
  const [isNext, end] = [chosenIn === input && /^[\p{L}\p{N}]/u.test(event.data || ""), input.selectionEnd];
  chosenIn = null;
  if (isNext && input.selectionStart === end && end === input.value.length) input.setRangeText(" + ", end, end, "end");
}

document.addEventListener("beforeinput", (event) => {
  if (event.target.matches(NAMED)) join(event);
});

function tick(input, chosen) {
  const told = chosen.map((drug) => `${drug.name}: ${tickCodes(codeBoxes(input), drug)}`);
  input.parentElement.querySelector("[data-told]").textContent = told.join(". ");
}

// Ticks the codes of a drug, and returns in words which of them it ticked and which were.
function tickCodes(all, drug) {
  const own = all.filter((checkbox) => drug.codes.includes(checkbox.value));
  const fresh = own.filter((checkbox) => !checkbox.checked);
  const none = all.filter((checkbox) => checkbox.checked && checkbox.value === "none_of_these");
  const before = own.filter((checkbox) => checkbox.checked);
  for (const checkbox of fresh) {
    checkbox.checked = true;
    checkbox.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const said = [[fresh, "ticked"], [before, "already"], [none, "none"]].filter(([boxes]) => boxes.length);
  return said.map(([boxes, how]) => `${boxes.map(labelOf).join(", ")} (${listed.dataset[how]})`).join("; ");
}

for (const kind of ["input", "compositionend"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.matches(NAMED) && !(kind === "input" && event.isComposing)) offer(event.target, find(event.target));
  });
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches(NAMED) || event.isComposing || event.ctrlKey || event.metaKey) return;
  const isOpen = offered.length > 0;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const by = event.key === "ArrowDown" ? 1 : -1;
    if (!isOpen) open(input);
    if (!event.altKey) step(input, by);
    else if (by < 0) close(input);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    choose(input, offered[active]);
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    close(input);
  }
});

// An arrow opens the whole list where no drug is typed yet: in an empty text, or after what joins one more.
function open(input) {
  const found = find(input);
  const end = input.selectionStart;
  const isPlace = /(^|[+,;/、，；／＋])\s*$/u.test(input.value.slice(0, end)) && !input.value.slice(end).trim();
  offer(input, isPlace && !found[1].length ? [end, drugs] : found);
}

function step(input, by) {
  const count = offered.length + 1; // one place more, where nothing is marked
  const isConfirmed = !isStepped && active === 0 && by > 0;
  isStepped = true;
  if (!isConfirmed) mark(input, ((active + 1 + by + count) % count) - 1);
}

box.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
box.addEventListener("click", (event) => {
  const item = event.target.closest("[role=option]");
  if (item) choose(box.previousElementSibling, offered[[...box.children].indexOf(item)]);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches(NAMED)) known = namedIn(event.target.value);
});
document.addEventListener("change", (event) => { // on leaving the text, and on Enter
  if (!event.target.matches(NAMED)) return;
  const named = namedIn(event.target.value);
  const fresh = named.filter((drug) => !known.includes(drug));
  if (fresh.length) tick(event.target, fresh);
  known = named;
});
document.addEventListener("focusout", (event) => {
  chosenIn = null;
  if (event.target.matches(NAMED)) close(event.target);
});
