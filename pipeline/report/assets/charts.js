"use strict";
// Charts of the report (Apache ECharts); each can be saved as SVG or PNG and read as a table of numbers.

const SHOWN_TASKS = 300, SHOWN_UNITS = 25;
const made = {};
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const narrow = () => window.innerWidth < 700;
const short = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function base() {
  const ink = colour("ink"), soft = colour("soft");
  return { animation: false, textStyle: { fontFamily: "Segoe UI, Noto Sans, DejaVu Sans, sans-serif", color: ink }, aria: { enabled: true, label: { enabled: false } }, tooltip: { confine: true, renderMode: "richText", backgroundColor: colour("card"), borderColor: colour("line"), textStyle: { color: ink } }, grid: { left: 8, right: 32, top: 16, bottom: 8, containLabel: true }, soft, ink };
}
/** Room for names at the left, and names cut to it at their end. */
const beside = (left, more) => ({ left, right: 16, top: 16, bottom: 30, containLabel: false, ...more });
const names = (width) => ({ width, overflow: "truncate", ellipsis: "…" });
const axis = (more) => ({ axisLine: { lineStyle: { color: colour("line") } }, axisTick: { show: false }, splitLine: { lineStyle: { color: colour("grid") } }, axisLabel: { color: colour("soft"), ...(more.axisLabel || {}) }, ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== "axisLabel")) });

/** As tall as its rows need: few do not drift apart, many do not touch. */
const tall = (id, rows, around) => { const place = document.getElementById(id); if (place) place.style.height = `${Math.max(rows, 4) * 22 + around}px`; };

/** Draws or redraws a chart and the table of its numbers; `option()` is asked again when colours or width change. */
function chart(id, option, numbers, opens) {
  const place = document.getElementById(id);
  if (!place) return;
  if (!made[id]) {
    made[id] = { drawn: echarts.init(place, null, { renderer: "canvas" }) };
    new ResizeObserver(() => made[id].drawn.resize()).observe(place);
    made[id].drawn.on("click", (event) => { const to = made[id].opens?.(event); if (to) location.href = to; });
  }
  Object.assign(made[id], { option, opens });
  made[id].drawn.setOption(option(), { notMerge: true });
  const [head, rows] = numbers();
  document.querySelector(`[data-numbers=${id}]`).replaceChildren(element("table", {}, element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)))), element("tbody", {}, ...rows.slice(0, 400).map((row) => element("tr", {}, ...row.map((cell) => element("td", { class: typeof cell === "number" ? "n" : null }, typeof cell === "number" ? number(cell) : cell)))))));
}

function save(id, kind) {
  const { drawn, option } = made[id], name = `kehoach-${id}.${kind}`;
  let address;
  if (kind === "png") address = drawn.getDataURL({ type: "png", pixelRatio: 3, backgroundColor: colour("card") });
  else {
    const apart = echarts.init(null, null, { renderer: "svg", ssr: true, width: drawn.getWidth(), height: drawn.getHeight() });
    apart.setOption({ ...option(), backgroundColor: colour("card") });
    address = URL.createObjectURL(new Blob([apart.renderToSVGString()], { type: "image/svg+xml" }));
    apart.dispose();
  }
  element("a", { href: address, download: name }).click();
}

const monthOf = (day) => { const when = new Date(day * DAY); return when.getUTCFullYear() * 12 + when.getUTCMonth(); };
const monthText = (month) => `${two((month % 12) + 1)}/${Math.floor(month / 12)}`;
const span = (months) => { const low = Math.min(...months), high = Math.max(...months); return Array.from({ length: high - low + 1 }, (_, at) => low + at); };

function byMonth() {
  const counts = new Map();
  for (const days of data.tasks.due) for (const day of days) counts.set(monthOf(day), (counts.get(monthOf(day)) || 0) + 1);
  const months = counts.size ? span([...counts.keys()]) : [], now = monthOf(data.day);
  chart("by-month", () => ({ ...base(), xAxis: axis({ type: "category", data: months.map(monthText) }), yAxis: axis({ type: "value", minInterval: 1 }), tooltip: { ...base().tooltip, trigger: "axis" },
    dataZoom: months.length > 48 ? [{ type: "inside", zoomOnMouseWheel: "ctrl" }, { type: "slider", height: 18, bottom: 4, showDataShadow: false }] : [], grid: { ...base().grid, top: 28, bottom: months.length > 48 ? 34 : 8 },
    series: [{ type: "bar", name: "Thời hạn", data: months.map((month) => ({ value: counts.get(month) || 0, itemStyle: { color: month < now ? colour("soft") : colour("bar") } })), markLine: { silent: true, symbol: "none", label: { formatter: "hôm nay", color: colour("ink") }, lineStyle: { color: colour("error") }, data: months.includes(now) ? [{ xAxis: monthText(now) }] : [] } }] }),
  () => [["Tháng", "Số thời hạn"], months.map((month) => [monthText(month), counts.get(month) || 0])]);
}

function byRule() {
  const counts = new Map(), grave = new Map();
  data.findings.rule.forEach((rule, at) => { counts.set(rule, (counts.get(rule) || 0) + 1); grave.set(rule, data.findings.severity[at]); });
  const rules = [...counts.keys()].sort((a, b) => grave.get(b) - grave.get(a) || counts.get(a) - counts.get(b)).slice(-14);
  chart("by-rule", () => ({ ...base(), grid: beside(narrow() ? 170 : 300, { right: 40 }), xAxis: axis({ type: "value", minInterval: 1 }), yAxis: axis({ type: "category", data: rules.map((rule) => data.rules[rule][1]), axisLabel: names(narrow() ? 160 : 290) }), tooltip: { ...base().tooltip, trigger: "item" },
    series: [{ type: "bar", data: rules.map((rule) => ({ value: counts.get(rule), itemStyle: { color: colour(SEVERITIES[grave.get(rule)]) } })), label: { show: true, position: "right", color: colour("ink") } }] }),
  () => [["Quy tắc", "Mức", "Số lượng"], [...rules].reverse().map((rule) => [data.rules[rule][1], SEVERITY_WORDS[SEVERITIES[grave.get(rule)]], counts.get(rule)])],
  (event) => `phat-hien.html#rule=${encodeURIComponent(data.rules[rules[event.dataIndex]][0])}`);
}

function timeline(rows) {
  const t = data.tasks, dated = rows.filter((at) => t.due[at].length), shown = dated.slice(0, SHOWN_TASKS), label = (at) => short(`${t.ordinal[at]} ${t.content[at]}`.trim(), narrow() ? 22 : 60);
  const bars = [], dots = [];
  shown.forEach((at, row) => {
    if (t.to[at] !== null) bars.push({ value: [row, t.from[at] * DAY, (t.to[at] + 1) * DAY, at] });
    for (const day of t.due[at]) if (day !== t.to[at]) dots.push({ value: [day * DAY, row, at] });
  });
  const tint = (at) => colour({ late: "late", soon: "soon", later: "bar", ongoing: "info", unknown: "info" }[STATUSES[t.status[at]]]);
  const rowsInView = Math.min(shown.length, narrow() ? 12 : 20);
  tall("timeline", rowsInView, 86);
  chart("timeline", () => ({ ...base(), grid: beside(narrow() ? 130 : 380, { top: 26, bottom: 60, right: 40 }),
    xAxis: axis({ type: "time", axisLabel: { hideOverlap: true, formatter: (value) => { const when = new Date(value); return `${two(when.getMonth() + 1)}/${when.getFullYear()}`; } } }),
    yAxis: axis({ type: "category", inverse: true, data: shown.map((at, row) => `${row}`), axisLabel: { formatter: (row) => label(shown[Number(row)]), ...names(narrow() ? 120 : 370) } }),
    tooltip: { ...base().tooltip, trigger: "item", formatter: (point) => { const at = point.value[point.seriesType === "custom" ? 3 : 2]; return `${short(t.content[at], 90)}\n${short(unitsOf(at).join("; "), 90)}\n${short(t.deadline[at], 90)}\n${STATUS_WORDS[STATUSES[t.status[at]]]}, ${data.documents.sign[t.doc[at]]}`; } },
    dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "weakFilter", zoomOnMouseWheel: "ctrl" }, { type: "slider", xAxisIndex: 0, height: 18, bottom: 6, filterMode: "weakFilter", showDataShadow: false, labelFormatter: (value) => dateText(value / DAY) }, { type: "slider", yAxisIndex: 0, width: 14, right: 4, startValue: 0, endValue: rowsInView - 1, filterMode: "none", showDetail: false, brushSelect: false }, { type: "inside", yAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: false, moveOnMouseWheel: true, startValue: 0, endValue: rowsInView - 1 }],
    series: [{ type: "custom", data: bars, encode: { x: [1, 2], y: 0 }, clip: true, renderItem: (_, api) => { const from = api.coord([api.value(1), api.value(0)]), to = api.coord([api.value(2), api.value(0)]), height = Math.min(16, api.size([0, 1])[1] * 0.6); return { type: "rect", shape: { x: from[0], y: from[1] - height / 2, width: Math.max(5, to[0] - from[0]), height, r: 3 }, style: { fill: tint(api.value(3)) } }; },
      markLine: { silent: true, symbol: "none", label: { formatter: dateText(data.day), color: colour("ink"), position: "start", rotate: 0, distance: -4 }, lineStyle: { color: colour("error") }, data: [{ xAxis: data.day * DAY }] } },
    { type: "scatter", data: dots, symbolSize: 8, itemStyle: { color: colour("bar") } }] }),
  () => [["Nhiệm vụ", "Chủ trì", "Từ", "Đến hạn"], shown.map((at) => [t.content[at], unitsOf(at).join("; "), dateText(t.from[at]), t.due[at].slice(0, 6).map(dateText).join(", ")])],
  (event) => { const at = event.value[event.seriesType === "custom" ? 3 : 2]; return `van-ban/${data.documents.id[t.doc[at]]}.html#nv-${t.seq[at]}`; });
  const note = document.getElementById("timeline").parentElement.querySelector(".note");
  note.dataset.words ??= note.textContent;
  note.textContent = dated.length > SHOWN_TASKS ? `${note.dataset.words} Đang vẽ ${number(SHOWN_TASKS)} trong ${number(dated.length)} nhiệm vụ có ngày; hãy lọc để xem phần còn lại.` : note.dataset.words;
}

function heat(units, { year }) {
  const t = data.tasks, rows = units.slice(0, narrow() ? 12 : SHOWN_UNITS).reverse(), place = new Map(rows.map((unit, at) => [unit, at])), cells = new Map();
  for (let at = 0; at < t.doc.length; at += 1) for (const unit of t.leads[at]) if (place.has(unit)) for (const day of t.due[at]) {
    const month = monthOf(day);
    if (year && Math.floor(month / 12) !== Number(year)) continue;
    const key = `${place.get(unit)} ${month}`;
    cells.set(key, (cells.get(key) || 0) + 1);
  }
  const found = [...cells].map(([key, count]) => [...key.split(" ").map(Number), count]);
  const months = found.length ? span(found.map(([, month]) => month)) : [], most = Math.max(1, ...found.map((cell) => cell[2]));
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  tall("heat", rows.length, 116);
  chart("heat", () => ({ ...base(), grid: beside(narrow() ? 130 : 300, { bottom: 100 }), xAxis: axis({ type: "category", data: months.map(monthText), splitArea: { show: false } }), yAxis: axis({ type: "category", data: rows.map((unit) => data.units[unit]), axisLabel: names(narrow() ? 120 : 290) }), tooltip: { ...base().tooltip, trigger: "item", formatter: ({ value }) => `${short(data.units[rows[value[1]]], 80)}\n${monthText(months[value[0]])}: ${number(value[2])} thời hạn` },
    visualMap: { min: 0, max: most, text: [number(most), "0"], orient: "horizontal", left: "center", bottom: 0, itemHeight: 90, itemWidth: 14, textStyle: { color: colour("soft") }, inRange: { color: dark ? ["#23313d", "#2d6f99", "#9bd6f7"] : ["#e3f0f8", "#5aa5d2", "#0b4468"] } },
    dataZoom: months.length > 24 ? [{ type: "inside", xAxisIndex: 0, zoomOnMouseWheel: "ctrl" }, { type: "slider", xAxisIndex: 0, height: 16, bottom: 46, showDataShadow: false }] : [],
    series: [{ type: "heatmap", data: found.map(([row, month, count]) => [month - months[0], row, count]), label: { show: months.length <= 14 && !narrow(), formatter: ({ value }) => number(value[2]) } }] }),
  () => [["Đơn vị", "Tháng", "Số thời hạn"], found.sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([row, month, count]) => [data.units[rows[row]], monthText(month), count])],
  (event) => `nhiem-vu.html#${new URLSearchParams({ unit: data.units[rows[event.value[1]]] })}`);
}

byMonth();
byRule();
if (shownLists.tasks) { shownLists.tasks.changed = (rows) => timeline(rows); timeline(shownLists.tasks.rows); }
if (shownLists.load) { shownLists.load.changed = heat; heat(shownLists.load.rows, shownLists.load.values()); }
for (const button of document.querySelectorAll("[data-save]")) button.addEventListener("click", () => save(button.dataset.save, button.dataset.kind));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { for (const { drawn, option } of Object.values(made)) drawn.setOption(option(), { notMerge: true }); });
