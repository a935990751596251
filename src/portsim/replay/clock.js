// The day on a line: how many trucks are inside, and when each gate is open.
"use strict";
const INSET = 8, ROW = 15, CURVE = 46, DASHES = [[], [5, 3]];

// Rows of hours: the gates of a side that keep the same hours are one, and so are other places.
function hourRows(day, words) {
  const rows = [], gates = day.places.filter(({ gate }) => gate);
  const seen = new Set();
  for (const side of [-1, 1]) {
    const here = gates.filter((place) => place.side === side);
    if (!here.length) continue;
    const same = here.every(({ open }) => JSON.stringify(open) === JSON.stringify(here[0].open));
    const name = words.sides[side < 0 ? 0 : 1];
    if (same && name) rows.push([fill(words.gateOf, { side: name }), here[0].open]);
    else for (const place of here) rows.push([place.name, place.open]);
    for (const { open } of here) seen.add(JSON.stringify(open));
  }
  if (!rows.length) {
    for (const place of day.places) {
      const hours = JSON.stringify(place.open);
      if (rows.length < 4 && !seen.has(hours)) rows.push([place.name, place.open]);
      seen.add(hours);
    }
  }
  return rows;
}

class Timeline {
  constructor(canvas, boards, words, number) {
    Object.assign(this, { canvas, boards, words, number });
    const rows = boards.flatMap(({ day }, at) => hourRows(day, words).map(([name, open]) => ["AB"[at], name, open]));
    const same = (one) => rows.filter(([, name, open]) => name === one[1] && JSON.stringify(open) === JSON.stringify(one[2]));
    // What is the same on both maps is one row.
    this.rows = rows.filter((one) => same(one)[0] === one)
      .map((one) => [boards.length > 1 ? `${same(one).map(([which]) => which).join(", ")}: ${one[1]}` : one[1], one[2]]);
    this.top = CURVE + (boards[0].day.other ? 28 : 14);
    canvas.style.height = `${this.top + this.rows.length * ROW}px`;
    this.still = document.createElement("canvas");
  }

  x(t) { return INSET + t / this.boards[0].day.length * (this.wide - 2 * INSET); }

  // What does not move is drawn once for a size.
  fit() {
    const [c, wide, tall] = pen(this.canvas), { day } = this.boards[0], { length } = day;
    Object.assign(this, { wide, tall });
    c.font = "11px system-ui, sans-serif"; c.textBaseline = "middle";
    c.fillStyle = "#e4eee7";
    // Of two days each has its own hours: they stand below.
    if (this.boards.length < 2) for (const [a, b] of day.port ?? []) c.fillRect(this.x(a), 0, this.x(b) - this.x(a), CURVE);
    c.strokeStyle = "#c9c9d2"; c.lineWidth = 1;
    const every = wide < 500 ? 6 : wide < 900 ? 3 : 2;
    for (let second = 0; second <= length; second += 3600) {
      const hour = day.clock(second).slice(0, 2);
      if (Number(hour) % every) continue;
      const x = this.x(second);
      c.beginPath(); c.moveTo(x, 0); c.lineTo(x, tall); c.stroke();
      c.fillStyle = "#3c3c46"; c.textAlign = second === 0 ? "left" : second >= length ? "right" : "center";
      c.fillText(hour, x, CURVE + 7);
      if (!day.other) continue;
      // Whose hours are whose is said at the left end.
      const theirs = day.theirClock(second).replace(/:00$/, ""), side = `${this.words.sides[day.other.side]} ${theirs}`;
      if (!second) c.fillText(side, x, CURVE + 21);
      else if (x > INSET + c.measureText(side).width + 18) c.fillText(theirs, x, CURVE + 21);
    }
    const most = Math.max(...this.boards.map((board) => board.day.most)), many = Math.max(Math.floor(wide / 3), 2);
    this.boards.forEach((board, at) => {
      c.beginPath();
      for (let i = 0; i <= many; i += 1)
        c.lineTo(this.x(i / many * length), CURVE - 2 - (CURVE - 16) * board.day.count(i / many * length) / most);
      c.setLineDash(DASHES[at]); c.strokeStyle = at ? "#a3172b" : "#1a1a1a"; c.lineWidth = 1.6; c.stroke();
    });
    c.setLineDash([]);
    c.fillStyle = "#1a1a1a"; c.textAlign = "left";
    c.fillText(fill(this.words.most, { count: most }, this.number), INSET + 3, 7);
    this.rows.forEach(([name, open], at) => {
      const top = this.top + at * ROW;
      c.fillStyle = "#f0eded"; c.fillRect(INSET, top + 2, wide - 2 * INSET, ROW - 4);
      c.fillStyle = "#8fbd9f";
      for (const [a, b] of open) c.fillRect(this.x(a), top + 2, this.x(b) - this.x(a), ROW - 4);
      c.fillStyle = "#1a1a1a";
      c.fillText(open.length ? name : `${name}: ${this.words.closed}`, INSET + 4, top + ROW / 2, wide - 2 * INSET - 8);
    });
    this.still.width = this.canvas.width; this.still.height = this.canvas.height;
    this.still.getContext("2d").drawImage(this.canvas, 0, 0);
  }

  draw(t) {
    const c = wiped(this.canvas);
    c.drawImage(this.still, 0, 0, this.wide, this.tall);
    c.fillStyle = "#c01f30"; c.fillRect(this.x(t) - 1, 0, 2, this.tall);
  }
}
