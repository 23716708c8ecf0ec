"use strict";
// Sends what the checker says and shows the page anew; everything that a row is comes from the server.

const by = document.getElementById("by");
const said = document.getElementById("said");
const place = document.querySelector("[data-document]");
by.value = localStorage.getItem("kehoach-by") || "";
by.addEventListener("input", () => localStorage.setItem("kehoach-by", by.value));
if (sessionStorage.getItem("kehoach-at")) { scrollTo(0, Number(sessionStorage.getItem("kehoach-at"))); sessionStorage.removeItem("kehoach-at"); }

async function say(what) {
  if (!by.value.trim()) { said.textContent = "Hãy ghi tên người sửa ở góc trên."; by.focus(); return false; }
  const answer = await fetch("/sua", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ document_id: place.dataset.document, by: by.value, ...what }) });
  if (answer.ok) return true;
  said.textContent = (await answer.json()).fault;
  said.scrollIntoView({ block: "center" });
  return false;
}

function again() { sessionStorage.setItem("kehoach-at", String(scrollY)); location.reload(); }
async function sayOnce(what) { if (await say(what)) again(); }
const rowOf = (inner) => { const row = inner.closest(".row"); return { sequence: Number(row.dataset.sequence), seen: row.dataset.seen, why: row.querySelector("[name=why]").value }; };

for (const form of document.querySelectorAll(".fields")) {
  const changed = () => [...form.querySelectorAll("textarea")].filter((area) => area.value !== area.dataset.old);
  form.addEventListener("input", () => {
    for (const area of form.querySelectorAll("textarea")) area.classList.toggle("changed", area.value !== area.dataset.old);
    form.querySelector("[type=submit]").disabled = changed().length === 0;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // The content last: by it the row is named in what comes before.
    for (const area of changed().sort((a, b) => (a.name === "content") - (b.name === "content"))) if (!(await say({ action: "set", field: area.name, new: area.value, ...rowOf(form) }))) return;
    again();
  });
}

const dialog = document.getElementById("split");
function split(button) {
  const area = dialog.querySelector("textarea");
  area.value = rowOf(button).seen;
  dialog.showModal();
  dialog.onclose = () => { if (dialog.returnValue === "ok") sayOnce({ action: "split", new: JSON.stringify(area.value.split(/\n\s*\n/).map((part) => part.trim()).filter(Boolean)), ...rowOf(button) }); };
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.act === "split") split(button);
  else if (button.dataset.act) sayOnce({ action: button.dataset.act, ...rowOf(button) });
  else if (button.dataset.verdict) sayOnce({ action: button.dataset.verdict, field: button.dataset.finding });
  else if (button.dataset.undo) sayOnce({ action: "undo", field: button.dataset.undo });
  else if ("checked" in button.dataset) sayOnce({ action: "checked" });
});
