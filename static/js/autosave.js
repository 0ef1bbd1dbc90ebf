// Keeps what is typed: says when it is not kept, and saves only once the server has answered that it knows who saves.
const LONGEST_WAIT = 10000; // milliseconds; as in htmx's own settings
const form = document.getElementById("section-form");
const gone = document.getElementById("session-gone");
const silent = document.getElementById("no-answer");

let typedSince = 0; // counts what was typed; what an answer has kept is everything up to its own request
let keptUntil = 0;
let isLeaving = false;
let isAsking = false;

// A login, also in another tab, changes the token: the cookie always has the one that holds.
function token() {
  return (document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]*)/) || [])[1] || form.csrfmiddlewaretoken.value;
}

for (const kind of ["input", "change"]) form.addEventListener(kind, () => { typedSince += 1; });

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== form) return;
  event.detail.headers["X-CSRFToken"] = token();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target === form && isLeaving) event.preventDefault(); // a draft of what is just being saved helps nobody
});
document.addEventListener("htmx:beforeSend", (event) => {
  if (event.target === form) event.detail.xhr.typedUntil = typedSince;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target === form && event.detail.successful) kept(event.detail.xhr.typedUntil);
});
for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    if (event.target === form) notKept(event.detail.xhr.status);
  });
}

function kept(until) {
  keptUntil = Math.max(keptUntil, until);
  gone.hidden = silent.hidden = true;
}

function notKept(status) {
  const notice = status === 401 || status === 403 ? gone : silent;
  const since = document.getElementById("kept").dataset.time;
  notice.querySelector("[data-since]").textContent = since;
  (notice === gone ? silent : gone).hidden = true;
  notice.hidden = false;
}

// The session is about to end: what was typed and is not kept yet is kept now.
document.addEventListener("session:ending", () => {
  if (typedSince > keptUntil) form.dispatchEvent(new Event("change", { bubbles: true }));
});

// Back from logging in somewhere else: what was typed meanwhile is kept at once.
window.addEventListener("focus", () => {
  if (!gone.hidden || !silent.hidden) form.dispatchEvent(new Event("change", { bubbles: true }));
});

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (isLeaving) return;
  if (button?.dataset.confirm && !window.confirm(button.dataset.confirm)) return event.preventDefault();
  if (["discard", "add", "absent", "panel"].includes(button?.name)) return leave();
  event.preventDefault();
  if (isAsking) return;
  isAsking = true;
  const status = await ask();
  isAsking = false;
  if (status === 0 || status === 401) return notKept(status);
  leave();
  form.requestSubmit(button);
});

function leave() {
  isLeaving = true;
  window.htmx?.trigger(form, "htmx:abort");
  form.csrfmiddlewaretoken.value = token();
}

// The status of an answer to what is typed now; 0 where there is none.
async function ask() {
  const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
  try {
    const signal = AbortSignal.timeout(LONGEST_WAIT);
    const answer = await fetch(form.getAttribute("hx-post"), { method: "POST", body: sent(), headers, signal });
    return answer.status;
  } catch {
    return 0;
  }
}

function sent() {
  const data = new URLSearchParams(new FormData(form));
  data.set("csrfmiddlewaretoken", token());
  return data;
}

// The last keystrokes before somebody goes elsewhere or closes the page.
window.addEventListener("pagehide", () => {
  if (!isLeaving && typedSince > keptUntil) navigator.sendBeacon(form.getAttribute("hx-post"), sent());
});
window.addEventListener("pageshow", () => { isLeaving = false; });
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && (!gone.hidden || !silent.hidden)) event.preventDefault();
});
