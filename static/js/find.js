// Finds while somebody types, in a list with a filter. Without this file the form is sent by Enter.
const form = document.querySelector("form.filter[hx-get]");
const search = form?.elements.search;

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || !search || event.target !== search || event.defaultPrevented || event.isComposing) return;
  const first = document.querySelector("#results tbody a");
  if (!first) return;
  event.preventDefault();
  first.focus();
});

// What a fault of the filter leads to may be folded away on a telephone.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".problems a");
  const input = link && document.querySelector(link.hash);
  if (input && !input.checkVisibility()) input.closest("[popover]")?.showPopover();
});

// The address is always that of what is shown: it can be kept, reloaded, and come back to.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "results") return;
  const shown = event.detail.target.querySelector("[data-address]");
  if (shown) history.replaceState(null, "", location.pathname + shown.dataset.address);
});

// Whoever comes back from the subject that Enter led to finds what was typed.
form?.addEventListener("submit", () => {
  history.replaceState(null, "", `${location.pathname}?${new URLSearchParams(new FormData(form))}`);
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    const found = document.getElementById("found");
    if (found) found.textContent = found.dataset.failed;
  });
}
