// One day of one policy on the page: its map with what moves on it, drawn anew for each second.
"use strict";
const PER_METRE = 0.5, MANY = [5, 10, 20, 50, 100, 200, 500, 1000, 10000];

function element(name, className, ...parts) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...parts);
  return made;
}
function tell(box, text) { if (box.textContent !== text) box.textContent = text; }

class Board {
  constructor(data, root, words, number, kinds) {
    this.day = new Day(data);
    this.words = words;
    this.number = number;
    // The same class looks the same on every map of the page.
    this.looks = data.classes.map(({ name }) => kinds.get(name));
    this.spots = [];
    this.ground = element("canvas", "under");
    this.sky = element("canvas", "over");
    const places = element("div", "places");
    places.setAttribute("role", "list");
    places.setAttribute("aria-label", words.places);
    for (const canvas of [this.ground, this.sky]) canvas.setAttribute("aria-hidden", "true");
    this.cards = data.places.map((place) => {
      const badge = element("span"), counts = element("span");
      const said = element("p", "", badge, " ", counts);
      const head = element("div", "head", element("h3", "", place.name), said);
      const card = element("div", "place", head);
      card.setAttribute("role", "listitem");
      places.append(card);
      return { card, head, badge, counts };
    });
    this.map = element("div", "map", this.ground, places, this.sky);
    // Where there is less room than the places need, the map is moved under its frame.
    this.frame = element("div", "frame", this.map);
    this.frame.setAttribute("role", "group");
    this.frame.setAttribute("aria-label", words.map);
    root.append(this.frame);
    this.ringed = null;
  }

  // Lay out the map for the width that there is.
  fit() {
    const wide = this.frame.clientWidth, { day } = this, first = !this.plan;
    // Words are as tall as their cards are wide, with the longest numbers that may come.
    let plan = mapOf(day, wide, 60);
    const most = day.kind.length;
    this.map.classList.remove("tight");
    this.cards.forEach(({ card, badge, counts }, at) => {
      card.style.width = `${plan.cards[at].wide}px`;
      tell(badge, this.words.closed);
      tell(counts, fill(this.words.counts, { waiting: most, served: Math.min(most, 99) }, this.number));
    });
    // Letters are smaller before a word is broken.
    const broken = this.cards.some(({ head }) => head.scrollWidth > head.clientWidth);
    this.map.classList.toggle("tight", broken);
    plan = mapOf(day, wide, Math.max(...this.cards.map(({ head }) => head.offsetHeight)) + 6);
    this.cards.forEach(({ card }, at) => {
      const { left, top, tall } = plan.cards[at];
      Object.assign(card.style, { left: `${left}px`, top: `${top}px`, height: `${tall}px` });
    });
    Object.assign(this.map.style, { width: `${plan.wide}px`, height: `${plan.tall}px` });
    // Who uses keys moves it, too.
    if (plan.wide > wide + 1) this.frame.tabIndex = 0; else this.frame.removeAttribute("tabindex");
    if (first) this.frame.scrollLeft = (plan.border ?? plan.wide / 2) - wide / 2;
    this.plan = plan;
    this.lanes = lanes(day, plan);
    const [c] = pen(this.ground);
    ground(c, day, plan, this.words);
    pen(this.sky);
  }

  // Draw second t; `glide` is how long a change of place is seen, `moving` how long a gate moves, s.
  draw(t, glide, moving, followed) {
    const { day, plan, words } = this, found = day.state(t, glide), c = wiped(this.sky);
    this.spots = [];
    this.inside = found.inside;
    day.places.forEach((place, at) => {
      const { card, badge, counts } = this.cards[at], [waiting, working] = found.places[at];
      const here = isOpen(place.open, t), name = here ? "is-open" : "is-closed";
      card.classList.toggle("shut", !here);
      tell(badge, here ? words.open : words.closed);
      badge.className = `state ${name}`;
      tell(counts, fill(words.counts, { waiting: waiting.length, served: working.length }, this.number));
      if (place.gate) boom(c, plan, place, plan.cards[at], day.opened(place.open, t, moving));
      this.place(c, at, waiting, working);
    });
    for (const flight of found.flights.slice(0, 300)) this.fly(c, ...flight);
    if (followed >= 0) this.ring(c, followed);
  }

  back(k) { return this.day.classes[this.day.kind[k]].back; }
  long(k) { return this.day.classes[this.day.kind[k]].metres * PER_METRE; }

  place(c, at, waiting, working) {
    const box = this.plan.cards[at], left = box.left + 6, wide = box.wide - 12, top = box.top + this.plan.head;
    // Of a gate the queue stands on its lane, where it has one.
    const rest = [];
    const on = [[], []];
    for (const one of waiting) {
      const back = this.back(one[1]) ? 1 : 0;
      (this.lanes[at][back] ? on[back] : rest).push(one);
    }
    this.lanes[at].forEach((lane, back) => { if (lane && on[back].length) this.queue(c, on[back], lane, 3, true); });
    if (rest.length) {
      const back = this.back(rest[0][1]);
      this.queue(c, rest, { from: back ? left : left + wide, to: back ? left + wide : left, top, sign: back ? 1 : -1 }, WAITING);
    }
    if (!working.length) return;
    this.queue(c, working, { from: left, to: left + wide, top: top + WAITING * LINE + 5, sign: 1 }, SERVED);
  }

  // A line of trucks, its head at `from`; as long as they are, on so many rows; else packed.
  queue(c, some, { from, to, top, sign }, rows, onRoad = false) {
    const room = Math.abs(to - from), { day } = this, laid = [];
    let row = 0, used = 0;
    for (const [, k] of some) {
      const long = Math.min(this.long(k), room);
      if (used + long > room + 0.01) { row += 1; used = 0; }
      if (row >= rows) break;
      laid.push([k, used, row, long]);
      used += long;
    }
    const metres = some.reduce((sum, [, k]) => sum + day.classes[day.kind[k]].metres, 0);
    if (laid.length === some.length) {
      for (const [k, begin, line, long] of laid) {
        const body = Math.max(long - 2, 2), x = sign > 0 ? from + begin : from - begin - body;
        this.put(c, k, x, top + line * LINE, body);
      }
      if (onRoad && some.length >= 10) this.label(c, from, top + row * LINE, sign, used, this.kilometres(metres));
      return;
    }
    // Of a long line one sign stands for many; how many stands beside it.
    const unit = 10, each = Math.max(Math.floor(room / unit), 1), space = Math.max(each * (rows - 1), 1);
    const many = MANY.find((n) => Math.ceil(some.length / n) <= space) ?? MANY[MANY.length - 1];
    const signs = Math.ceil(some.length / many);
    for (let i = 0; i < signs; i += 1) {
      const begin = (i % each) * unit, x = sign > 0 ? from + begin : from - begin - unit + 2, y = top + Math.floor(i / each) * LINE;
      pack(c, x, y, unit - 2);
      for (const [, k] of some.slice(i * many, (i + 1) * many)) this.spots.push([k, x, y, unit - 2, true]);
    }
    const said = fill(this.words.packed, { many, metres: this.kilometres(metres) }, this.number);
    c.font = "700 11px system-ui, sans-serif";
    const left = sign > 0 ? from : Math.max(to, from - c.measureText(said).width);
    this.text(c, left, top + (rows - 1) * LINE - 1, room, said);
  }

  kilometres(metres) {
    return fill(this.words.kilometres, { km: (metres / 1000).toFixed(1).replace(".", this.words.decimal) });
  }

  // How long the line is, behind its tail.
  label(c, from, top, sign, used, text) {
    const x = sign > 0 ? from + used + 4 : from - used - 4;
    c.font = "700 11px system-ui, sans-serif";
    const wide = c.measureText(text).width;
    if (x - (sign < 0 ? wide : 0) < 0 || x + (sign > 0 ? wide : 0) > this.plan.wide) return;
    this.text(c, sign > 0 ? x : x - wide - 2, top - 3, wide + 2, text);
  }

  text(c, left, top, room, text) {
    c.font = "700 11px system-ui, sans-serif"; c.textBaseline = "top"; c.textAlign = "left";
    const wide = Math.min(c.measureText(text).width, room);
    c.fillStyle = "rgba(255, 255, 255, 0.9)"; c.fillRect(left - 1, top, wide + 2, 12);
    c.fillStyle = "#1a1a1a"; c.fillText(text, left, top + 1, room);
  }

  put(c, k, x, y, long) {
    const look = this.looks[this.day.kind[k]], back = this.back(k);
    mark(c, x, y, Math.round(long), look, back);
    this.spots.push([k, x, y, long, false]);
  }

  // The way between two places goes by the road.
  fly(c, k, from, to, share) {
    const { cards, road } = this.plan, a = cards[from], b = cards[to], back = this.back(k);
    const long = Math.min(this.long(k) - 2, 60), middle = (one) => one.top + one.tall / 2;
    const lane = back ? road.middle - LANE / 2 : road.middle + LANE / 2;
    const way = [[a.left - 4, middle(a)], [a.left - 4, lane], [b.left - 4, lane], [b.left - 4, middle(b)]];
    const parts = way.slice(1).map(([x, y], i) => Math.hypot(x - way[i][0], y - way[i][1]));
    let left = share * parts.reduce((sum, part) => sum + part, 0), i = 0;
    while (i < parts.length - 1 && left > parts[i]) left -= parts[i++];
    const part = parts[i] ? Math.min(left / parts[i], 1) : 0, [x, y] = way[i], [u, v] = way[i + 1];
    body(c, x + (u - x) * part - long / 2, y + (v - y) * part - TALL / 2 - 1, long, this.looks[this.day.kind[k]], back, TALL + 2);
  }

  ring(c, k) {
    const spot = this.spots.find(([other]) => other === k);
    if (!spot) return;
    const [, x, y, long] = spot, cx = x + long / 2, cy = y + TALL / 2;
    const moved = this.ringed === null || this.ringed[0] !== k || Math.abs(this.ringed[1] - cx) > this.plan.unit / 2;
    if (moved) this.see(cx);
    if (moved) this.ringed = [k, cx];
    for (const colour of ["#fff", "#c01f30"]) {
      c.strokeStyle = colour; c.lineWidth = colour === "#fff" ? 6 : 2.5;
      c.beginPath(); c.ellipse(cx, cy, long / 2 + 7, 11, 0, 0, 2 * Math.PI); c.stroke();
    }
  }

  // Move the map until a place along the road is seen.
  see(x) {
    const { scrollLeft, clientWidth } = this.frame;
    if (x < scrollLeft + 40 || x > scrollLeft + clientWidth - 40) this.frame.scrollLeft = x - clientWidth / 2;
  }

  // The truck nearest to a point of the screen; -1 for none.
  near(x, y) {
    const box = this.map.getBoundingClientRect(), u = x - box.left, v = y - box.top;
    let best = -1, least = 14;
    for (const [k, left, top, long] of this.spots) {
      const away = Math.hypot(Math.max(left - u, 0, u - left - long), v - top - TALL / 2);
      if (away < least) { least = away; best = k; }
    }
    return best;
  }
}
