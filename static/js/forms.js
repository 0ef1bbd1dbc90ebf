// Every form: Ctrl+Enter (⌘+Enter) sends it, with Shift by the button that says so, and after a refusal the focus goes to what has to be put right. Without this
// file forms are sent by their buttons, and nothing is lost.
const COMPOSING = 229; // the key code of a key that an input method takes, where `isComposing` does not say so
const INPUT = "input:not([type=hidden]), select, textarea";
const TYPED = "input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.isComposing || event.keyCode === COMPOSING || event.defaultPrevented) return;
  const form = event.target.closest("main form") || onlyForm();
  const button = event.shiftKey ? form?.querySelector("[aria-keyshortcuts~='Control+Shift+Enter']") : form && buttonOf(form);
  if (!button) return;
  event.preventDefault();
  if (!event.repeat) form.requestSubmit(button);
});

// The form of a page that has one to be filled in, wherever the focus is; a signature is given within its own form only.
function onlyForm() {
  const forms = [...document.querySelectorAll("main form[method=post]")].filter((form) => form.querySelector(TYPED));
  return forms.length === 1 && !forms[0].querySelector("[type=password]") ? forms[0] : null;
}

// The button that says that it has this key, else the one to press; of several that are alike none is chosen.
function buttonOf(form) {
  const buttons = form.querySelectorAll("button:not([type=button])");
  const only = buttons.length === 1 ? buttons[0] : null;
  return form.querySelector("[aria-keyshortcuts~='Control+Enter']") || form.querySelector("button.btn-primary") || only;
}

// A link from what has to be put right leads into the input, also where the place that it names is around that.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[role=alert] a[href^='#']");
  const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const input = place?.matches(INPUT) ? place : place?.querySelector("[type=radio]:checked") || place?.querySelector(INPUT);
  if (input) setTimeout(() => {
    input.focus();
    if (input.matches("input:not([type=radio], [type=checkbox])")) input.select(); // as Tab does: typing replaces it
  });
});

document.querySelector("main [role=alert][tabindex='-1']")?.focus();
