"use strict";
(() => {
  const day = JSON.parse(document.getElementById("data").textContent);
  const by = (id) => document.getElementById(id);
  const words = day.words;
  // Browsers do not know every language: thousands are set off as portsim does it everywhere.
  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, words.group);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => number(values[name]));
  const COLOURS = ["#2f6be0", "#c2610a", "#c01f30", "#7d3b73", "#5b5b66", "#0b7a6f"];
  const SHAPES = ["circle", "square", "triangle", "diamond", "hexagon"];
  const SPEEDS = [1, 10, 30, 60, 120, 300, 600, 1200, 3600];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const trucks = day.kind.length, GONE = -1;
  let now = 0, speed = 5, playing = false, last = 0;

  // How many of the ascending values are at or before t.
  const upTo = (values, t, low = 0, high = values.length) => {
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] <= t) low = middle + 1; else high = middle;
    }
    return low;
  };

  // What every truck does at second t; nothing is remembered from one second to the next.
  const state = (t) => {
    const buckets = day.places.map(() => [[], []]), flights = [];
    let inside = 0;
    const glide = calm.matches ? 0 : Math.min(SPEEDS[speed] * 0.4, 900);
    for (let k = 0; k < trucks; k++) {
      const first = day.first[k], i = upTo(day.at, t, first, day.first[k + 1]) - 1;
      if (i < first || day.code[i] === GONE) continue;
      const code = day.code[i], place = code >> 1, since = day.at[i];
      inside++;
      buckets[place][code & 1].push([since, k]);
      let j = i;
      while (j > first && day.at[j - 1] === since) j--;
      if (j > first && t - since < glide) {
        const from = day.code[j - 1] >> 1;
        if (from !== place) flights.push([k, from, place, (t - since) / glide]);
      }
    }
    for (const pair of buckets) for (const some of pair) some.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return { buckets, flights, inside };
  };
  const isOpen = (spans, t) => spans.some(([a, b]) => a <= t && t < b);
  const clock = (t) => {
    const at = upTo(day.offsets.map((one) => one[0]), t) - 1;
    const s = Math.floor(t) + day.offsets[Math.max(at, 0)][1] - day.offsets[0][1];
    const two = (n) => String(n).padStart(2, "0");
    const hour = Math.floor(s / 3600);
    return `${two(t >= day.length ? 24 : hour)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  };

  const pen = (canvas) => {
    const ratio = devicePixelRatio || 1, box = canvas.getBoundingClientRect();
    const wide = Math.round(box.width * ratio), tall = Math.round(box.height * ratio);
    if (canvas.width !== wide || canvas.height !== tall) { canvas.width = wide; canvas.height = tall; }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, box.width, box.height);
    return [context, box.width, box.height];
  };
  const corners = { triangle: 3, square: 4, diamond: 4, hexagon: 6 };
  const mark = (c, x, y, r, kind) => {
    const shape = SHAPES[kind % SHAPES.length];
    c.beginPath();
    if (shape === "circle") c.arc(x, y, r, 0, 2 * Math.PI);
    else {
      const n = corners[shape], turn = shape === "square" ? Math.PI / 4 : -Math.PI / 2;
      const size = shape === "hexagon" ? r : r * 1.2;
      for (let i = 0; i < n; i++)
        c.lineTo(x + size * Math.cos(turn + 2 * Math.PI * i / n), y + size * Math.sin(turn + 2 * Math.PI * i / n));
      c.closePath();
    }
    c.lineWidth = 1.6;
    c.strokeStyle = c.fillStyle = COLOURS[kind % COLOURS.length];
    if (day.classes[kind].back) { c.fillStyle = "#fff"; c.fill(); } else c.fill();
    c.stroke();
  };

  const cards = day.places.map((place) => {
    const card = document.createElement("div"), name = document.createElement("h3");
    const said = document.createElement("p"), badge = document.createElement("span");
    const counts = document.createElement("span"), canvas = document.createElement("canvas");
    card.className = "place";
    card.setAttribute("role", "listitem");
    card.style.gridColumn = place.column + 1;
    card.style.gridRow = place.row + 1;
    name.textContent = place.name;
    canvas.setAttribute("aria-hidden", "true");
    said.append(badge, document.createElement("br"), counts);
    card.append(name, said, canvas);
    by("places").append(card);
    return { card, badge, counts, canvas };
  });
  const columns = Math.max(...day.places.map((place) => place.column)) + 1;
  by("places").style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  day.classes.forEach((kind, index) => {
    const item = document.createElement("li"), canvas = document.createElement("canvas");
    item.append(canvas, `${kind.name} (${words.ways[kind.direction]})`);
    by("legend").append(item);
    const draw = () => mark(pen(canvas)[0], 8, 8, 5, index);
    draw();
    addEventListener("resize", draw);
  });

  const STEP = 12;
  const row = (c, some, wide, top, lines) => {
    const across = Math.max(Math.floor(wide / STEP), 1), room = across * lines;
    const more = some.length > room, keep = more ? Math.max(room - Math.ceil(48 / STEP), 0) : some.length;
    for (let i = 0; i < keep; i++)
      mark(c, (i % across) * STEP + 6, top + Math.floor(i / across) * STEP + 6, 3.6, day.kind[some[i][1]]);
    if (more) {
      c.fillStyle = "#1a1a1a"; c.font = "700 11px system-ui, sans-serif"; c.textBaseline = "middle";
      c.textAlign = "right";
      c.fillText(`+${number(some.length - keep)}`, wide, top + lines * STEP - STEP / 2);
    }
  };
  const middle = (part, frame) => {
    const box = part.getBoundingClientRect();
    return [box.left - frame.left + box.width / 2, box.top - frame.top + box.height / 2];
  };
  const draw = () => {
    const found = state(now);
    by("clock").textContent = clock(now);
    by("inside").textContent = fill(words.inside, { count: found.inside });
    const open = isOpen(day.port, now);
    by("port").textContent = open ? words.portOpen : words.portClosed;
    by("port").className = `state ${open ? "is-open" : "is-closed"}`;
    by("scrub").value = Math.floor(now);
    by("scrub").setAttribute("aria-valuetext", `${clock(now)}, ${by("inside").textContent}`);
    cards.forEach(({ card, badge, counts, canvas }, index) => {
      const [waiting, working] = found.buckets[index], here = isOpen(day.places[index].open, now);
      card.classList.toggle("shut", !here);
      badge.textContent = here ? words.open : words.closed;
      badge.className = `state ${here ? "is-open" : "is-closed"}`;
      counts.textContent = fill(words.counts, { waiting: waiting.length, served: working.length });
      const [c, wide] = pen(canvas);
      row(c, waiting, wide, 0, 3);
      c.fillStyle = "#c9c9d2"; c.fillRect(0, 40, wide, 1);
      row(c, working, wide, 46, 2);
    });
    const frame = by("map").getBoundingClientRect();
    const [under] = pen(by("under")), [over] = pen(by("over"));
    under.strokeStyle = "#d9d9e2"; under.lineWidth = 3;
    for (const [a, b] of day.links) {
      under.beginPath();
      under.moveTo(...middle(cards[a].card, frame)); under.lineTo(...middle(cards[b].card, frame));
      under.stroke();
    }
    for (const [truck, from, to, share] of found.flights.slice(0, 300)) {
      const [x, y] = middle(cards[from].canvas, frame), [u, v] = middle(cards[to].canvas, frame);
      mark(over, x + (u - x) * share, y + (v - y) * share, 4.5, day.kind[truck]);
    }
    timeline();
  };

  // Arrivals and leavings in order: how many are inside at any second is a difference of two searches.
  const came = [], left = [];
  for (let k = 0; k < trucks; k++) {
    came.push(day.at[day.first[k]]);
    const end = day.first[k + 1] - 1;
    if (day.code[end] === GONE) left.push(day.at[end]);
  }
  came.sort((a, b) => a - b); left.sort((a, b) => a - b);
  const count = (t) => upTo(came, t) - upTo(left, t);
  // The stock is at its largest at midnight or when somebody comes.
  const most = came.reduce((found, t) => Math.max(found, t < 0 ? 0 : count(t)), Math.max(count(0), 1));
  const timeline = () => {
    const [c, wide, tall] = pen(by("timeline")), many = Math.max(Math.floor(wide / 3), 2);
    c.fillStyle = "#dcefe1";
    for (const [a, b] of day.port) c.fillRect(a / day.length * wide, 0, (b - a) / day.length * wide, tall);
    const values = Array.from({ length: many + 1 }, (_, i) => count(i / many * day.length));
    c.beginPath();
    values.forEach((value, i) => c.lineTo(i / many * wide, tall - 2 - (tall - 16) * value / most));
    c.strokeStyle = "#1a1a1a"; c.lineWidth = 1.5; c.stroke();
    c.fillStyle = "#1a1a1a"; c.font = "11px system-ui, sans-serif"; c.fillText(fill(words.most, { count: most }), 3, 10);
    c.fillStyle = "#c01f30"; c.fillRect(now / day.length * wide - 1, 0, 2, tall);
  };

  const go = (t) => { now = Math.min(Math.max(t, 0), day.length); draw(); };
  const tell = () => { by("speed").textContent = `× ${number(SPEEDS[speed])}`; };
  const faster = (step) => { speed = Math.min(Math.max(speed + step, 0), SPEEDS.length - 1); tell(); draw(); };
  const play = (wanted) => {
    if (wanted && now >= day.length) now = 0;
    playing = wanted; last = 0;
    by("play").textContent = playing ? words.stop : words.play;
    if (playing) requestAnimationFrame(frame);
  };
  const frame = (stamp) => {
    if (!playing) return;
    // Whoever wants no motion sees two pictures a second.
    if (!last) last = stamp;
    if (!calm.matches || stamp - last >= 500) {
      const gone = Math.min((stamp - last) / 1000, 1);
      last = stamp;
      go(now + gone * SPEEDS[speed]);
    }
    if (now >= day.length) play(false); else requestAnimationFrame(frame);
  };
  by("scrub").max = day.length;
  by("scrub").addEventListener("input", () => go(Number(by("scrub").value)));
  by("play").addEventListener("click", () => play(!playing));
  by("slower").addEventListener("click", () => faster(-1));
  by("faster").addEventListener("click", () => faster(1));
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.shiftKey ? 600 : 60;
    const does = {
      ArrowLeft: () => go(now - step), ArrowRight: () => go(now + step),
      Home: () => go(0), End: () => go(day.length),
      "+": () => faster(1), "=": () => faster(1), "-": () => faster(-1),
      // A button has a use of its own for space.
      " ": event.target instanceof HTMLButtonElement ? undefined : () => play(!playing),
    }[event.key];
    if (does) { event.preventDefault(); does(); }
  });
  addEventListener("resize", draw);
  tell();
  go(day.port.length ? Math.max(day.port[0][0] - 1800, 0) : 0);
})();
