// Offers listed terms while a text is typed: Enter takes the one that is marked, at first the first, answers with its code
// the question that goes with it, and leads on past that. Without this file the browser's own list offers the terms.
const TERMED = "input[data-terms]";
const MOST = 8; // terms shown at once

const box = document.createElement("ul");
box.id = "offered-terms";
box.className = "offers";
box.setAttribute("role", "listbox");

let offered = [];
let active = -1;
let isStepped = false; // as in drugs.js
const lists = new Map(); // the terms by the id of their list
const replaced = new WeakMap(); // by input, the code of the listed term that it had last

for (const input of document.querySelectorAll(TERMED)) {
  lists.set(input.dataset.list = input.getAttribute("list"), [...input.list.options].map(termOf));
  input.removeAttribute("list");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
}

function termOf(option) {
  return { name: option.value, others: option.label, code: option.dataset.code, names: [option.value, ...option.label.split(", ")].map(plain) };
}

function plain(text) {
  return text.normalize("NFKC").toLowerCase().trim();
}

// 0 where a name begins with what is typed, 1 where a word within one does or, in Chinese, the text is part of it, else 2.
function rank(term, typed) {
  if (term.names.some((name) => name.startsWith(typed))) return 0;
  const isWithin = (name) => name.includes(/\p{Script=Han}/u.test(typed) ? typed : ` ${typed}`);
  return term.names.some(isWithin) ? 1 : 2;
}

function offer(input) {
  const typed = plain(input.value);
  const ranked = lists.get(input.dataset.list).map((term) => [rank(term, typed), term]).filter(([place]) => place < 2);
  offered = typed ? ranked.sort(([one], [other]) => one - other).map(([, term]) => term).slice(0, MOST) : [];
  if (!offered.length) return close(input);
  box.setAttribute("aria-label", document.getElementById(input.dataset.list).dataset.title);
  box.replaceChildren(...offered.map(option));
  if (box.previousElementSibling !== input) input.after(box);
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", box.id);
  isStepped = false;
  mark(input, 0);
}

function option(term, at) {
  const [item, name, more] = ["li", "span", "small"].map((tag) => document.createElement(tag));
  item.id = `offered-term-${at}`;
  item.setAttribute("role", "option");
  name.textContent = term.name;
  more.textContent = term.others;
  item.append(name, " ", more);
  return item;
}

function mark(input, at) {
  active = at;
  [...box.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
  if (at < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", box.children[at].id);
  box.children[at].scrollIntoView({ block: "nearest", behavior: "instant" });
}

function close(input) {
  offered = [];
  active = -1;
  box.remove();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-controls");
  input.removeAttribute("aria-activedescendant");
}

// An answer that was given before stays, but for that of the listed term in whose place this one is taken.
function choose(input, term) {
  input.value = term.name;
  close(input);
  const place = coded(input);
  const given = answerIn(place);
  if (!given || given === replaced.get(input)) put(place, term.code);
  replaced.set(input, term.code);
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
  const next = place?.nextElementSibling;
  (next?.querySelector("input:checked") || next?.querySelector("input:not([type=hidden]), select"))?.focus();
}

function answerIn(place) {
  return place?.querySelector("[type=radio]:checked")?.value || place?.querySelector("select")?.value;
}

function put(place, code) {
  const radio = place?.querySelector(`[type=radio][value="${code}"]`);
  if (radio) radio.checked = true;
  else if (place?.querySelector("select")) place.querySelector("select").value = code;
}

// The question that a term answers too.
function coded(input) {
  const name = input.name.replace(/[^-]+$/, input.dataset.terms);
  return document.querySelector(`[name="${name}"]`)?.closest(".question");
}

for (const kind of ["input", "compositionend"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.matches(TERMED) && event.isTrusted && !event.isComposing) offer(event.target);
  });
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches(TERMED) || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!offered.length) return offer(input);
    step(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    choose(input, offered[active]);
  } else if (event.key === "Escape" && offered.length) {
    event.preventDefault();
    close(input);
  }
});

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
  if (!event.target.matches(TERMED)) return;
  const had = lists.get(event.target.dataset.list).find((term) => term.name === event.target.value);
  if (had) replaced.set(event.target, had.code);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches(TERMED)) close(event.target);
});
