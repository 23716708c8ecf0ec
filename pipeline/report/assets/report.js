"use strict";
// Lists, filters and search of the report. Text of documents reaches the page by textContent only.

const DAY = 86400000;
const PER_PAGE = 100;
const SEVERITIES = ["error", "warning", "info"];
const SEVERITY_WORDS = { error: "lỗi", warning: "cảnh báo", info: "thông tin" };
const STATUSES = ["late", "soon", "later", "ongoing", "unknown"];
const STATUS_WORDS = { late: "đã qua hạn", soon: "sắp đến hạn", later: "chưa đến hạn", ongoing: "không có ngày cụ thể", unknown: "không rõ thời hạn" };
const data = window.kehoach;

const number = (n) => n.toLocaleString("vi-VN");
const two = (n) => String(n).padStart(2, "0");

/** Days since 1970 as 31/12/2024. */
function dateText(day) {
  if (day === null || day === undefined) return "";
  const when = new Date(day * DAY);
  return `${two(when.getUTCDate())}/${two(when.getUTCMonth() + 1)}/${when.getUTCFullYear()}`;
}

/** Lower case without accents: what a hurried reader types. */
function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}+/gu, "").replace(/đ/g, "d");
}

/** A test for texts: every word must occur; a word typed with accents must occur with them. */
function search(query) {
  const words = query.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
  const plain = words.map(fold);
  const exact = words.filter((word, at) => word !== plain[at]);
  return (folded, text) => plain.every((word) => folded.includes(word)) && (exact.length === 0 || exact.every((word) => text().toLowerCase().includes(word)));
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(name, value);
  for (const child of children) made.append(child instanceof Node ? child : document.createTextNode(child ?? ""));
  return made;
}

const link = (href, text) => element("a", { href }, text);
const paperLink = (doc, seq) => link(`van-ban/${data.documents.id[doc]}.html${seq ? `#nv-${seq}` : ""}`, data.documents.sign[doc] || data.documents.name[doc]);
const unitsOf = (task) => data.tasks.leads[task].map((unit) => data.units[unit]);

/** Texts are folded once: in idle moments after the page is shown, or when they are first searched. */
function foldedColumn(size, text) {
  const column = new Array(size);
  const folded = (row) => { column[row] ??= fold(text(row)); return column[row]; };
  let next = 0;
  const idle = (deadline) => {
    while (next < size && deadline.timeRemaining() > 1) { folded(next); next += 1; }
    if (next < size) requestIdleCallback(idle);
  };
  requestIdleCallback(idle);
  return folded;
}

class List {
  /** A table of rows that pass the filters, a hundred at a time. `row(index)` gives [label, content, class] for each cell. */
  constructor(name, { size, text, passes, row, order }) {
    Object.assign(this, { name, size, text, passes, row, order, at: 0, rows: [] });
    this.folded = foldedColumn(size, text);
    this.body = document.querySelector(`[data-list=${name}] tbody`);
    this.form = document.querySelector(`[data-filters=${name}]`);
    this.changed = () => {};
    this.form.addEventListener("input", () => this.apply(true));
    document.querySelector(`[data-clear=${name}]`)?.addEventListener("click", () => { this.fields().forEach((field) => { if (field.type === "checkbox") field.checked = false; else field.value = field.tagName === "SELECT" ? field.options[0].value : ""; }); this.apply(true); });
    for (const button of document.querySelectorAll(`[data-of=${name}]`)) button.addEventListener("click", () => this.turn(Number(button.dataset.turn)));
  }

  fields() { return [...this.form.querySelectorAll("[name]")]; }

  values() { return Object.fromEntries(this.fields().map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value])); }

  /** The filters of the address (#status=late&q=...), so that a link can carry them. */
  fromAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const field of this.fields()) {
      if (!asked.has(field.name)) continue;
      if (field.type === "checkbox") field.checked = asked.get(field.name) === "1"; else field.value = asked.get(field.name);
    }
  }

  toAddress(values) {
    const kept = new URLSearchParams();
    for (const field of this.fields()) {
      const standard = field.tagName === "SELECT" ? field.options[0].value : "";
      if (field.type === "checkbox") { if (values[field.name]) kept.set(field.name, "1"); } else if (values[field.name] !== standard) kept.set(field.name, values[field.name]);
    }
    const hash = kept.toString();
    if (hash || location.hash.includes("=")) history.replaceState(null, "", hash ? `#${hash}` : location.pathname.split("/").pop());
  }

  apply(typed = false) {
    const values = this.values();
    const found = search(values.q || "");
    const passes = this.passes(values);
    this.rows = [];
    for (let at = 0; at < this.size; at += 1) if (passes(at) && (!values.q || found(this.folded(at), () => this.text(at)))) this.rows.push(at);
    if (this.order) this.rows.sort(this.order(values));
    this.at = 0;
    if (typed) this.toAddress(values);
    this.draw();
    this.changed(this.rows, values);
  }

  turn(step) { this.at += step; this.draw(); this.body.closest(".scroll").scrollIntoView({ block: "start" }); }

  draw() {
    const first = this.at * PER_PAGE, shown = this.rows.slice(first, first + PER_PAGE), pages = Math.max(1, Math.ceil(this.rows.length / PER_PAGE));
    this.body.replaceChildren(...shown.map((index) => element("tr", {}, ...this.row(index).map(([label, content, kind]) => element("td", { "data-label": label, class: kind }, content)))));
    if (!shown.length) this.body.append(element("tr", {}, element("td", { colspan: 9, class: "note" }, "Không có dòng nào khớp.")));
    for (const output of document.querySelectorAll(`[data-count=${this.name}]`)) output.textContent = `${number(this.rows.length)} / ${number(this.size)}`;
    document.querySelector(`[data-at=${this.name}]`).textContent = `Trang ${number(this.at + 1)} / ${number(pages)}`;
    for (const button of document.querySelectorAll(`[data-of=${this.name}]`)) { const to = this.at + Number(button.dataset.turn); button.disabled = to < 0 || to >= pages; }
  }
}

function fillSelect(select, pairs) { for (const [value, text] of pairs) select.append(element("option", { value }, text)); }

const documentChoices = () => data.documents.id.map((id, at) => [String(at), data.documents.sign[at] || data.documents.name[at]]);

const lists = {
  documents() {
    const d = data.documents;
    return new List("documents", {
      size: d.id.length,
      text: (at) => `${d.sign[at]} ${d.title[at]} ${d.issuer[at]} ${d.name[at]}`,
      passes: ({ isNew }) => (at) => !isNew || d.isNew[at] === 1,
      row: (at) => [["", paperLink(at), "sign"], ["", d.title[at] || d.name[at], "wide"], ["", d.issuer[at], "unit"], ["Ban hành", dateText(d.issued[at]), "date"], ["Nhiệm vụ", number(d.tasks[at]), "n"], ["Lỗi", number(d.errors[at]), "n"], ["Cảnh báo", number(d.warnings[at]), "n"]],
    });
  },

  tasks() {
    const t = data.tasks;
    document.getElementById("units").append(...data.units.map((name) => element("option", { value: name })));
    fillSelect(document.querySelector("[data-filters=tasks] [name=doc]"), documentChoices());
    const late = 1e9;
    return new List("tasks", {
      size: t.doc.length,
      text: (at) => `${t.content[at]} ${unitsOf(at).join(" ")} ${t.deadline[at]}`,
      passes({ unit, status, doc }) {
        const wanted = fold(unit || ""), state = status ? STATUSES.indexOf(status) : -1, paper = doc === "" ? -1 : Number(doc);
        const chosen = wanted ? new Set(data.units.map((name, at) => (fold(name).includes(wanted) ? at : -1)).filter((at) => at >= 0)) : null;
        return (at) => (state < 0 || t.status[at] === state) && (paper < 0 || t.doc[at] === paper) && (!chosen || t.leads[at].some((one) => chosen.has(one)));
      },
      order({ order }) {
        if (order === "paper") return (a, b) => a - b;
        // What comes next first, then what passed last, then what has no day.
        const due = (at) => t.next[at] ?? (t.to[at] === null ? 3 * late : 2 * late - t.to[at]);
        if (order === "unit") return (a, b) => (unitsOf(a)[0] || "~").localeCompare(unitsOf(b)[0] || "~", "vi") || due(a) - due(b) || a - b;
        return (a, b) => due(a) - due(b) || a - b;
      },
      row: (at) => [["TT", t.ordinal[at]], ["", t.content[at], "wide"], ["Chủ trì", unitsOf(at).join("; "), "unit"], ["Thời hạn", t.deadline[at], "unit"], ["Đến hạn", dateText(t.next[at] ?? t.to[at]), "date"], ["", element("span", { class: `status ${STATUSES[t.status[at]]}` }, STATUS_WORDS[STATUSES[t.status[at]]])], ["Văn bản", paperLink(t.doc[at], t.seq[at]), "sign"]],
    });
  },

  load() {
    const t = data.tasks, soonest = (a, b) => (a === null ? b : b === null ? a : Math.min(a, b));
    const rows = data.units.map((name, unit) => ({ name, unit, tasks: 0, late: 0, soon: 0, next: null }));
    for (let at = 0; at < t.doc.length; at += 1) for (const unit of t.leads[at]) {
      const row = rows[unit];
      row.tasks += 1; row.late += t.status[at] === 0; row.soon += t.status[at] === 1; row.next = soonest(row.next, t.next[at]);
    }
    const years = new Set(t.due.flat().map((day) => new Date(day * DAY).getUTCFullYear()));
    fillSelect(document.querySelector("[data-filters=load] [name=year]"), [...years].sort().map((year) => [String(year), String(year)]));
    return new List("load", {
      size: rows.length,
      text: (at) => rows[at].name,
      passes: () => (at) => rows[at].tasks > 0,
      order: () => (a, b) => rows[b].tasks - rows[a].tasks || rows[a].name.localeCompare(rows[b].name, "vi"),
      row: (at) => [["", link(`nhiem-vu.html#${new URLSearchParams({ unit: rows[at].name })}`, rows[at].name), "wide"], ["Nhiệm vụ", number(rows[at].tasks), "n"], ["Đã qua hạn", number(rows[at].late), "n"], ["Đến hạn trong 30 ngày", number(rows[at].soon), "n"], ["Hạn gần nhất", dateText(rows[at].next), "date"]],
    });
  },

  findings() {
    const f = data.findings, d = data.documents;
    fillSelect(document.querySelector("[data-filters=findings] [name=doc]"), documentChoices());
    fillSelect(document.querySelector("[data-filters=findings] [name=rule]"), data.rules.map(([code, title], at) => [code, title]).sort((a, b) => a[1].localeCompare(b[1], "vi")));
    const codes = data.rules.map(([code]) => code);
    return new List("findings", {
      size: f.doc.length,
      text: (at) => `${f.message[at]} ${f.evidence[at]} ${data.rules[f.rule[at]][1]} ${d.sign[f.doc[at]]}`,
      passes({ severity, rule, doc, isNew }) {
        const grave = severity ? SEVERITIES.indexOf(severity) : -1, code = rule ? codes.indexOf(rule) : -1, paper = doc === "" ? -1 : Number(doc);
        return (at) => (grave < 0 || f.severity[at] === grave) && (!rule || f.rule[at] === code) && (paper < 0 || f.doc[at] === paper) && (!isNew || d.isNew[f.doc[at]] === 1);
      },
      order: () => (a, b) => f.severity[a] - f.severity[b] || a - b,
      row: (at) => { const grave = SEVERITIES[f.severity[at]]; return [["", element("span", { class: `mark ${grave}` }, SEVERITY_WORDS[grave])], ["", f.message[at], "wide"], ["Lời văn", element("q", {}, f.evidence[at]), "wide"], ["Văn bản", paperLink(f.doc[at], f.seq[at]), "sign"], ["Trang", f.page[at] === null ? "" : String(f.page[at]), "n"]]; },
    });
  },
};

/** The page of a document: a task and its place on paper light up together. */
function besideThePaper() {
  const tasks = document.querySelectorAll(".task[data-spot]");
  const light = (n, scrollTask) => {
    for (const lit of document.querySelectorAll(".on")) lit.classList.remove("on");
    const task = document.getElementById(`nv-${n}`), spot = document.getElementById(`o-${n}`);
    task?.classList.add("on"); spot?.classList.add("on");
    if (scrollTask) { task?.scrollIntoView({ block: "center" }); task?.focus({ preventScroll: true }); }
    if (spot && window.innerWidth > 900) { const paper = spot.closest(".paper"), box = spot.getBoundingClientRect(), around = paper.getBoundingClientRect(); paper.scrollTop += box.top - around.top - (around.height - Math.min(box.height, around.height)) / 2; }
  };
  for (const task of tasks) task.addEventListener("click", (event) => { if (!event.target.closest("a, q") && !String(getSelection())) light(task.dataset.spot, false); });
  for (const spot of document.querySelectorAll(".spot")) spot.addEventListener("click", (event) => { event.preventDefault(); light(spot.dataset.task, true); });
  const fromAddress = () => { const asked = /^#(?:nv|o)-(\d+)$/.exec(location.hash); if (asked) light(asked[1], location.hash.startsWith("#nv")); };
  addEventListener("hashchange", fromAddress);
  fromAddress();
}

const shownLists = {};
if (data) {
  for (const [name, make] of Object.entries(lists)) if (document.querySelector(`[data-list=${name}]`)) { const list = make(); list.fromAddress(); shownLists[name] = list; list.apply(); }
  addEventListener("hashchange", () => { for (const list of Object.values(shownLists)) if (location.hash.includes("=")) { list.fromAddress(); list.apply(); } });
} else {
  besideThePaper();
}
