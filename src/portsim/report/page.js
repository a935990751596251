"use strict";
// Shows the values of a curve where one points at it; without this the page lacks nothing else.
(() => {
  const box = document.getElementById("pointed");
  const language = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(language,
    { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const number = (value, digits) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  const fill = (pattern, text) => pattern.replace("{}", () => text);
  const write = {
    count: (value) => number(value, value < 10 ? 1 : 0),
    share: (value) => fill(box.dataset.share, number(100 * value, 1)),
  };
  const place = {
    date: (x) => day.format(new Date(x * 86400000)),
    hours: (x) => fill(box.dataset.after, number(x, x < 10 ? 1 : 0)),
    names: (x, panel) => panel.names[Math.round(x)] ?? "",
  };
  // The value of a curve at x on the straight line between its neighbours; null outside of it.
  const at = (line, x) => {
    const xs = line.x;
    if (x < xs[0] || x > xs[xs.length - 1]) return null;
    let low = 0, high = xs.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (xs[middle] <= x) low = middle; else high = middle;
    }
    const part = xs[high] > xs[low] ? (x - xs[low]) / (xs[high] - xs[low]) : 0;
    return line.y[low] + part * (line.y[high] - line.y[low]);
  };
  const told = (panel, fraction) => {
    const [from, to] = panel.log ? panel.range.map(Math.log) : panel.range;
    let x = from + fraction * (to - from);
    if (panel.log) x = Math.exp(x);
    if (panel.x === "names") x = Math.round(x);
    const lines = panel.lines.map((line) => [line.name, at(line, x)])
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}: ${write[panel.y](value)}`);
    return lines.length ? [place[panel.x](x, panel), ...lines].join("\n") : "";
  };
  for (const data of document.querySelectorAll('script[type="application/json"]')) {
    const svg = data.parentElement.querySelector("svg");
    const panels = JSON.parse(data.textContent);
    const show = (event) => {
      const frame = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / frame.width;
      const x = (event.clientX - frame.left) * scale, y = (event.clientY - frame.top) * scale;
      const panel = panels.find(({ box: [left, top, wide, tall] }) =>
        x >= left && x <= left + wide && y >= top && y <= top + tall);
      const text = panel ? told(panel, (x - panel.box[0]) / panel.box[2]) : "";
      box.hidden = !text;
      box.textContent = text;
      if (!text) return;
      const room = document.documentElement.clientWidth - box.offsetWidth - 4;
      box.style.left = `${Math.max(4, Math.min(event.clientX + 14, room))}px`;
      const over = event.clientY + 14 + box.offsetHeight > window.innerHeight;
      box.style.top = `${over ? event.clientY - 10 - box.offsetHeight : event.clientY + 14}px`;
    };
    svg.addEventListener("pointermove", show);
    svg.addEventListener("pointerdown", show);
    svg.addEventListener("pointerleave", () => { box.hidden = true; });
  }
})();
