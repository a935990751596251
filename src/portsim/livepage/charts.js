// Curves on a canvas: the mean of the replications, their band, and the pinned policy beside it.
"use strict";

function bandOf(rows) {
  // Mean, least and most of curves of one length.
  const length = rows[0].length;
  const found = { mean: new Float64Array(length), low: new Float64Array(length), high: new Float64Array(length) };
  for (let at = 0; at < length; at += 1) {
    let sum = 0, low = Infinity, high = -Infinity;
    for (const row of rows) {
      sum += row[at];
      low = Math.min(low, row[at]);
      high = Math.max(high, row[at]);
    }
    found.mean[at] = sum / rows.length;
    found.low[at] = low;
    found.high[at] = high;
  }
  return found;
}

const sizes = new Map();
addEventListener("resize", () => sizes.clear());

function sizeOf(canvas) {
  // Asked for once: to ask between two changes of the page would have it laid out each time.
  if (!sizes.has(canvas)) sizes.set(canvas, [canvas.clientWidth, canvas.clientHeight]);
  return sizes.get(canvas);
}

function drawCurves(canvas, now, pinned, ticks) {
  const scale = devicePixelRatio || 1, [wide, high] = sizeOf(canvas);
  if (canvas.width !== Math.round(wide * scale)) canvas.width = Math.round(wide * scale);
  if (canvas.height !== Math.round(high * scale)) canvas.height = Math.round(high * scale);
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, wide, high);
  pen.font = "11px system-ui, sans-serif";
  const left = 34, bottom = 16, top = 6;
  const length = now.mean.length;
  let most = 1;
  for (const row of [now.high, ...(pinned ? [pinned.mean] : [])])
    for (const value of row) if (value > most) most = value;
  const x = (at) => left + ((wide - left - 4) * at) / Math.max(1, length - 1);
  const y = (value) => high - bottom - ((high - bottom - top) * value) / most;
  pen.fillStyle = "#57606a";
  pen.textAlign = "right";
  [0, most / 2, most].forEach((value) => {
    pen.fillText(value < 10 ? value.toFixed(1) : String(Math.round(value)), left - 4, y(value) + 4);
  });
  pen.textAlign = "left";
  ticks.forEach(([at, text]) => {
    pen.fillText(text, x(at) + 2, high - 4);
    pen.fillRect(x(at), high - bottom, 1, 4);
  });
  pen.beginPath();
  for (let at = 0; at < length; at += 1) pen.lineTo(x(at), y(now.high[at]));
  for (let at = length - 1; at >= 0; at -= 1) pen.lineTo(x(at), y(now.low[at]));
  pen.fillStyle = "#b6d4f2";
  pen.fill();
  const line = (row, colour, dashes) => {
    pen.beginPath();
    pen.setLineDash(dashes);
    pen.strokeStyle = colour;
    pen.lineWidth = 1.5;
    for (let at = 0; at < length; at += 1) pen.lineTo(x(at), y(row[at]));
    pen.stroke();
  };
  if (pinned) line(pinned.mean, "#9a4b00", [4, 3]);
  line(now.mean, "#0b5cad", []);
}
