"use strict";
// Sends what the checker says and shows the page anew; everything that a row is comes from the server.
// Loaded before the body, with every listener on the document: nothing on the page can be touched before it answers.

const by = () => document.getElementById("by");
const said = () => document.getElementById("said");
const place = () => document.querySelector("[data-document]");

document.addEventListener("DOMContentLoaded", () => {
  by().value ||= localStorage.getItem("kehoach-by") || "";
  for (const form of document.querySelectorAll(".fields")) showChanged(form);
  if (sessionStorage.getItem("kehoach-at")) { scrollTo(0, Number(sessionStorage.getItem("kehoach-at"))); sessionStorage.removeItem("kehoach-at"); }
  carryOver();
});

async function say(what) {
  if (!by().value.trim()) { said().textContent = "Hãy ghi tên người sửa ở góc trên."; by().focus(); return false; }
  const fault = await refusal({ document_id: place().dataset.document, by: by().value, ...what });
  if (!fault) return true;
  said().textContent = fault;
  said().scrollIntoView({ block: "center" });
  return false;
}

// Why the server did not take it, "" where it did. What was typed stays on the page whatever the answer is.
async function refusal(what) {
  let answer, text;
  try {
    answer = await fetch("/sua", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what) });
    text = await answer.text();
  } catch { return "Chưa lưu được: trang đối chiếu đã dừng. Nhờ người vận hành chạy lại kehoach review; đừng đóng trang này, những gì vừa gõ vẫn còn."; }
  if (answer.ok) return "";
  try { return JSON.parse(text).fault; } catch { return `Chưa lưu được (mã ${answer.status}). ${answer.status === 403 ? text.split(" / ")[0] : ""}`; }
}

function again(saved) { keep(saved); sessionStorage.setItem("kehoach-at", String(scrollY)); leaving = true; location.reload(); }
async function sayOnce(what) { if (await say(what)) again(null); }

// Saving one row shows the page anew: what is typed in other rows and not saved yet is carried over.
let leaving = false;
const isChanged = (area) => area.value !== area.dataset.old;
const unsaved = () => [...document.querySelectorAll(".fields textarea")].filter(isChanged);
function keep(saved) {
  const kept = unsaved().filter((area) => area.form !== saved).map((area) => ({ seen: area.closest(".row").dataset.seen, name: area.name, old: area.dataset.old, value: area.value }));
  sessionStorage.setItem("kehoach-kept", JSON.stringify({ document: place().dataset.document, kept }));
}
function carryOver() {
  const { document: of, kept = [] } = JSON.parse(sessionStorage.getItem("kehoach-kept") || "{}");
  sessionStorage.removeItem("kehoach-kept");
  if (!place() || of !== place().dataset.document) return;
  const areas = [...document.querySelectorAll(".fields textarea")];
  const lost = kept.filter((one) => {
    const area = areas.find((some) => some.name === one.name && some.dataset.old === one.old && some.closest(".row").dataset.seen === one.seen);
    if (area) { area.value = one.value; area.dispatchEvent(new Event("input", { bubbles: true })); }
    return !area;
  });
  if (lost.length) said().textContent = `Có ô đang sửa dở ở dòng vừa đổi, không giữ lại được: ${lost.map((one) => one.value).join(" · ")}`;
}
addEventListener("beforeunload", (event) => { if (!leaving && unsaved().length) event.preventDefault(); });
const rowOf = (inner) => { const row = inner.closest(".row"); return { sequence: Number(row.dataset.sequence), seen: row.dataset.seen, why: row.querySelector("[name=why]").value }; };

const saveOf = (form) => form.querySelector("[type=submit]");
const changedIn = (form) => [...form.querySelectorAll("textarea")].filter(isChanged);
function showChanged(form) {
  for (const area of form.querySelectorAll("textarea")) area.classList.toggle("changed", isChanged(area));
  saveOf(form).disabled = changedIn(form).length === 0;
}
document.addEventListener("input", (event) => {
  if (event.target.id === "by") localStorage.setItem("kehoach-by", event.target.value);
  const form = event.target.closest(".fields");
  if (form) showChanged(form);
});
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".fields")) return;
  event.preventDefault();
  if (saveOf(form).disabled) return;  // the second of two clicks
  saveOf(form).disabled = true;
  // The content last: by it the row is named in what comes before.
  for (const area of changedIn(form).sort((a, b) => (a.name === "content") - (b.name === "content"))) if (!(await say({ action: "set", field: area.name, new: area.value, ...rowOf(form) }))) { saveOf(form).disabled = false; return; }
  again(form);
});

function split(button) {
  const dialog = document.getElementById("split");
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
