// The page: one clock, and a map for each day that is on it.
"use strict";
const told = JSON.parse(document.getElementById("data").textContent), { words } = told;
const by = (id) => document.getElementById(id);
const fillText = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
// Browsers do not know every language: thousands are set off as portsim does it everywhere.
const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, words.group);
function fill(text, values, spelt = String) {
  return fillText(text, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? spelt(value) : value])));
}
const SPEEDS = [1, 10, 30, 60, 120, 300, 600, 1200, 3600];
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const kinds = new Map();
// Colours are numbered throughout, shapes in each direction: there they are filled, or hollow.
const shapes = [0, 0];
for (const { classes } of told.boards) for (const { name, back } of classes)
  if (!kinds.has(name)) kinds.set(name, { colour: kinds.size, shape: shapes[Number(back)]++ });
const boards = told.boards.map((data, at) => new Board(data, document.querySelectorAll(".board")[at], words, number, kinds));
const { day } = boards[0], timeline = new Timeline(by("timeline"), boards, words, number);
const follower = new Follower(boards, by("follow"), words, () => draw());
const states = document.querySelectorAll(".port");
boards.forEach((board, at) => { states[at].hidden = !board.day.port; });
let now = 0, speed = 5, playing = false, last = 0;

function legend() {
  for (const [name, look] of kinds) {
    const data = told.boards.find(({ classes }) => classes.some((one) => one.name === name));
    const kind = data.classes.find((one) => one.name === name), canvas = element("canvas");
    canvas.setAttribute("aria-hidden", "true");
    by("legend").append(element("li", "", canvas, ` ${name} (${words.ways[kind.direction] ?? kind.direction})`));
    const show = () => body(pen(canvas)[0], 3, 4, 22, look, kind.back, 10);
    show();
    addEventListener("resize", show);
  }
  const ruler = by("ruler"), show = () => {
    const [c] = pen(ruler), long = 10 * told.boards[0].map.truck * PER_METRE;
    c.fillStyle = "#1a1a1a"; c.fillRect(1, 5, long, 2); c.fillRect(1, 1, 2, 10); c.fillRect(long - 1, 1, 2, 10);
  };
  show();
  addEventListener("resize", show);
}

function draw() {
  // Nothing is laid out before there is room: in a frame that is not shown yet.
  if (!boards.every((board) => board.plan)) return;
  const glide = calm.matches ? 0 : Math.min(SPEEDS[speed] * 0.4, 900), moving = calm.matches ? 0 : Math.min(SPEEDS[speed] * 0.6, 300);
  for (const board of boards) board.draw(now, glide, moving, follower.found?.[boards.indexOf(board)] ?? -1);
  tell(by("clock"), day.clock(now));
  tell(by("inside"), boards.map((board, at) => `${boards.length > 1 ? `${"AB"[at]}: ` : ""}${fill(words.inside, { count: board.inside }, number)}`).join(" · "));
  boards.forEach((board, at) => {
    if (!board.day.port) return;
    const open = isOpen(board.day.port, now), said = open ? words.portOpen : words.portClosed;
    tell(states[at], boards.length > 1 ? `${"AB"[at]}: ${said}` : said);
    states[at].className = `port state ${open ? "is-open" : "is-closed"}`;
  });
  by("scrub").value = Math.floor(now);
  by("scrub").setAttribute("aria-valuetext", `${day.clock(now)}, ${by("inside").textContent}`);
  follower.mark(now);
  timeline.draw(now);
}
function fit() {
  if (!by("timeline").clientWidth) return;
  for (const board of boards) board.fit();
  timeline.fit();
  draw();
}
function go(t) { now = Math.min(Math.max(t, 0), day.length); draw(); }
function faster(step) {
  speed = Math.min(Math.max(speed + step, 0), SPEEDS.length - 1);
  tell(by("speed"), `× ${number(SPEEDS[speed])}`);
  draw();
}
function play(wanted) {
  if (wanted && now >= day.length) now = 0;
  playing = wanted; last = 0;
  by("play").textContent = playing ? words.stop : words.play;
  if (playing) requestAnimationFrame(frame);
}
function frame(stamp) {
  if (!playing) return;
  // Whoever wants no motion sees two pictures a second.
  if (!last) last = stamp;
  if (!calm.matches || stamp - last >= 500) {
    const gone = Math.min((stamp - last) / 1000, 1);
    last = stamp;
    go(now + gone * SPEEDS[speed]);
  }
  if (now >= day.length) play(false); else requestAnimationFrame(frame);
}
by("scrub").max = day.length;
by("scrub").addEventListener("input", () => go(Number(by("scrub").value)));
by("play").addEventListener("click", () => play(!playing));
by("slower").addEventListener("click", () => faster(-1));
by("faster").addEventListener("click", () => faster(1));
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target === by("find")) return;
  // Where the map is wider than the screen, arrows on it move it.
  if (event.key.startsWith("Arrow") && event.target.classList?.contains("frame")) return;
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
addEventListener("resize", fit);
legend();
// Half an hour before it opens.
const opens = Math.min(...(day.port ?? day.places.flatMap(({ open }) => open)).map(([from]) => from));
now = Number.isFinite(opens) ? Math.max(opens - 1800, 0) : 0;
fit();
faster(0);
