// A list in which nothing is listed does not show its blank entry: the button at its end does. Without this file every
// list shows one.
const form = document.getElementById("section-form");
const isAnswered = (input) => (input.matches("[type=radio], [type=checkbox]") ? input.checked : true) && input.value !== "";

for (const list of form.querySelectorAll(".record-list")) {
  const [row, ...others] = list.querySelectorAll("[data-row]");
  if (!row || others.length || row.querySelector(".fault, .doubt")) continue;
  if ([...row.querySelectorAll("input:not([type=hidden]), select, [name$=-PLACE]")].some(isAnswered)) continue;
  hide(row, true);
}

function hide(row, isHidden) {
  row.hidden = isHidden;
  row.closest("section").querySelector(".nothing-listed").hidden = !isHidden;
}

// A link to a question of the entry shows it: a criterion waits for it.
function lead(hash) {
  const row = document.getElementById(decodeURIComponent(hash.slice(1)))?.closest("[data-row][hidden]");
  if (row) hide(row, false);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='#']");
  if (link?.pathname === location.pathname) lead(link.hash);
});
lead(location.hash);
