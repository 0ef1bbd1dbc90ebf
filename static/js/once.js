// A form on its way is not sent again. The server takes it once anyway; without this file nothing is lost.
const LONGEST = 10000; // milliseconds, after which somebody who stopped a slow answer may try again

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  mark(form, "true");
  setTimeout(() => release(form), LONGEST);
});

// Back to a page that the browser kept.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

function release(form) {
  delete form.dataset.sent;
  mark(form, null);
}

// Not `disabled`: the button keeps the focus, and its name and value are sent.
function mark(form, value) {
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (value) button.setAttribute("aria-disabled", value);
    else button.removeAttribute("aria-disabled");
  }
}
