// The review: opens what is folded around the part of the page that the address names, where the browser does not do so
// itself, and goes to what stopped a decision, which may lie below the fold of the decision box.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let folded = target?.closest("details:not([open])");
  if (!folded) return;
  for (; folded; folded = folded.parentElement.closest("details:not([open])")) folded.open = true;
  target.scrollIntoView();
}

function showFault() {
  const fault = document.querySelector("main .fault");
  if (!fault) return;
  document.querySelector(`[aria-describedby~="${fault.id}"]`)?.focus({ preventScroll: true });
  fault.scrollIntoView({ block: "center", behavior: "instant" });
}

unfold();
window.addEventListener("hashchange", unfold);
window.addEventListener("load", showFault);
