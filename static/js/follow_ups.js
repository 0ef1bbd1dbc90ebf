// Shows a follow-up question when it matters. One that is answered, wrong or asked back stays on the page whatever its
// condition says, so that nothing typed or saved is out of sight. Without this file every question is shown.
const form = document.getElementById("section-form");
const UNKNOWN = "unknown";
const followUps = () => form.querySelectorAll("[data-when]");
const wanted = new Set(); // what a link led to

function isAsked(place) {
  const when = JSON.parse(place.dataset.when);
  return when && Object.entries(when).every(([name, codes]) => answersTo(name, place).some((code) => codes.includes(code)));
}

// The code that is chosen, or those that are ticked.
function answersTo(name, place) {
  const full = name.startsWith(".") ? `${rowOf(place)}${name.slice(1)}` : name;
  const given = [...form.querySelectorAll(`[name="${full}"]`)].filter(isAnswered).map((input) => input.value);
  return given.length ? given : [UNKNOWN];
}

// What the names of all inputs of one object begin with.
function rowOf(place) {
  const { name } = place.querySelector("[name]");
  return name.slice(0, name.lastIndexOf("-") + 1);
}

function isAnswered(input) {
  if (input.matches("[type=radio], [type=checkbox]")) return input.checked && input.value !== "";
  return input.type !== "hidden" && input.value !== "";
}

function isNeeded(place) {
  if (wanted.has(place) || place.contains(document.activeElement) || place.querySelector(".fault, .doubt")) return true;
  return [...place.querySelectorAll("input, select, textarea")].some(isAnswered);
}

function show() {
  for (const place of followUps()) place.hidden = !(isAsked(place) || isNeeded(place));
}

// A link to a question that is not shown shows it: a criterion may wait for it all the same.
function lead(hash) {
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  for (let place = target?.closest("[data-when]"); place; place = place.parentElement.closest("[data-when]")) {
    wanted.add(place);
    place.hidden = false;
  }
}

for (const kind of ["input", "change", "focusout"]) form.addEventListener(kind, () => setTimeout(show));
form.addEventListener("answered", show);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='#']");
  if (link?.pathname === location.pathname) lead(link.hash);
  if (event.target.closest("button[name=add]")) setTimeout(show);
});

lead(location.hash);
show();
