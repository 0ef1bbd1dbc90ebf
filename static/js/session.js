// Tells that the session is about to end, keeps what is typed, and lets it go on. The server's clock decides.
const WARNING = 120; // seconds before the end
const notice = document.getElementById("session-end");
const words = document.getElementById("session-end-words");
const button = notice.querySelector("button");
let timer;

function wait(seconds, extendable) {
  clearTimeout(timer);
  if (seconds <= 0) return ended();
  if (seconds > WARNING) {
    notice.hidden = true;
    timer = setTimeout(look, (seconds - WARNING) * 1000);
    return;
  }
  warn(extendable);
  timer = setTimeout(look, (seconds + 1) * 1000);
}

// Another tab may have gone on meanwhile: only the server knows.
async function look() {
  const left = await ask("GET");
  if (left) wait(left.seconds, left.extendable);
  else ended();
}

async function ask(method) {
  const headers = { "HX-Request": "true", "X-CSRFToken": token() };
  try {
    const answer = await fetch(notice.dataset.address, { method, headers });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function token() {
  return (document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]*)/) || [])[1] || notice.dataset.token;
}

function warn(extendable) {
  if (!notice.hidden) return;
  document.dispatchEvent(new CustomEvent("session:ending")); // a page with a form keeps its draft now
  button.hidden = !extendable;
  notice.querySelector("[data-fixed]").hidden = extendable;
  notice.hidden = false;
  (extendable ? button : words).focus();
}

// A page with a form stays, with what is typed in it, and says itself how to log in again.
function ended() {
  if (!document.getElementById("section-form")) location.reload();
}

button.addEventListener("click", async () => {
  const left = await ask("POST");
  if (!left) return ended();
  notice.hidden = true;
  wait(left.seconds, left.extendable);
});

wait(Number(notice.dataset.seconds), true);
