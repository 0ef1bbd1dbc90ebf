// Within the form Tab goes from answer to answer, past the link to what was saved before of each: the links stand once more
// at the head of the section, where each leads to its question and opens there. In the laboratory's grid they are reached
// by the arrow keys (grid.js). Without this file every link is a stop of Tab where it is.
const list = document.querySelector(".histories");

function copyOf(link) {
  const record = link.closest("[data-row]")?.querySelector(".record-title")?.textContent.trim();
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "btn btn-link btn-sm";
  copy.textContent = [record, link.dataset.of].filter(Boolean).join(": ");
  copy.addEventListener("click", () => {
    link.focus();
    link.click();
  });
  return copy;
}

for (const link of document.querySelectorAll("#section-form .history-link")) {
  if (link.closest("[data-grid]")) continue;
  link.tabIndex = -1;
  const entry = document.createElement("li");
  entry.append(copyOf(link));
  list.querySelector("ul").append(entry);
  list.hidden = false;
}
