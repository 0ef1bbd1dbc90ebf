// Within the form Tab goes from answer to answer, past the criteria beside each: they stand once more at the head of the
// section, each with the questions that serve it. Without this file every link is a stop of Tab where it is.
const list = document.querySelector(".served-list");
const questions = new Map(); // by the address of a criterion: its link, and the names of its questions

function nameOf(link) {
  const place = link.closest(".condition, .question, .test");
  return place.querySelector(".condition-name :is(h3, h4), .ask-label, .test-name h3").firstChild.textContent.trim();
}

for (const link of document.querySelectorAll("#section-form .served a")) {
  if (!questions.has(link.href)) questions.set(link.href, { copy: link.cloneNode(true), names: new Set() });
  questions.get(link.href).names.add(nameOf(link));
  link.tabIndex = -1;
}
for (const { copy, names } of questions.values()) {
  const entry = document.createElement("li");
  entry.append(copy, ` ${[...names].join("; ")}`);
  list.querySelector("ul").append(entry);
}
list.hidden = questions.size === 0;
