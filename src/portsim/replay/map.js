// The port as a schematic map: where things stand on the screen, and what does not move.
"use strict";
const UNIT = 118, HEAD = 26, GAP = 12, LANE = 3 * LINE + 4, SERVED = 2, WAITING = 3;

// Where everything of a map stands, in a box so wide or wider: where that is less than its places
// need, the box is moved sideways. `head` is how tall the words of a card are.
function mapOf(day, room, head) {
  const { low, high, border } = day.map, wide = Math.max(room, (high - low) * UNIT), unit = wide / (high - low);
  const card = Math.min(unit - GAP, 240), tall = head + (WAITING + SERVED) * LINE + 14, step = tall + GAP;
  const rows = day.places.map(({ y }) => y);
  const onRoad = rows.some((y) => Math.abs(y) < 0.5), road = onRoad ? Math.max(2 * LANE + 6, step) : 2 * LANE + 6;
  const above = Math.max(0, ...rows.map((y) => (y < 0 ? -y : 0))), below = Math.max(0, ...rows.map((y) => (y > 0 ? y : 0)));
  const top = HEAD + above * step + GAP, middle = top + road / 2, bottom = top + road + GAP;
  const x = (at) => (at - low) * unit;
  const cards = day.places.map((place) => {
    const y = Math.abs(place.y) < 0.5 ? middle + place.y * step : place.y > 0 ? bottom + (place.y - 0.5) * step : top - GAP + (place.y + 0.5) * step;
    return { left: x(place.x) - card / 2, top: y - tall / 2, wide: card, tall, middle: x(place.x) };
  });
  return { wide, tall: bottom + below * step, cards, head, road: { top: middle - LANE - 3, middle, bottom: middle + LANE + 3 },
    border: border === null ? null : x(border), unit };
}

// Of each gate: on which lanes its trucks wait, from where, and how far back there is room.
function lanes(day, map) {
  const found = day.places.map(() => [null, null]);
  const gates = day.places.map((place, at) => ({ ...place, at, middle: map.cards[at].middle })).filter(({ gate }) => gate);
  for (const back of [0, 1]) {
    const here = gates.filter(({ way }) => way !== (back ? 1 : -1)), taken = new Set();
    for (const gate of here.sort((a, b) => Math.abs(a.y) - Math.abs(b.y))) {
      if (taken.has(gate.side)) continue;
      taken.add(gate.side);
      // Back to the gate before it on this lane, or to where the road begins.
      const behind = gates.filter(({ middle }) => (back ? middle > gate.middle + 1 : middle < gate.middle - 1)).map(({ middle }) => middle);
      const end = behind.length ? (back ? Math.min(...behind) - 8 : Math.max(...behind) + 8) : back ? map.wide : 0;
      found[gate.at][back] = { from: gate.middle + (back ? 10 : -10), to: end, top: back ? map.road.middle - LANE : map.road.middle + 5, sign: back ? 1 : -1 };
    }
  }
  return found;
}

// Ground, fences, road and border: what does not move.
function ground(c, day, map, words) {
  const { road, border, wide, tall, cards } = map;
  const line = (x, y, u, v) => { c.beginPath(); c.moveTo(x, y); c.lineTo(u, v); c.stroke(); };
  if (border !== null) {
    c.fillStyle = "#f3f6fa";
    c.fillRect(0, 0, border, tall);
    c.fillStyle = "#faf6ef";
    c.fillRect(border, 0, wide - border, tall);
  } else { c.fillStyle = "#f3f6fa"; c.fillRect(0, 0, wide, tall); }
  c.strokeStyle = "#b4bac6"; c.fillStyle = "#e8ebf1"; c.lineWidth = 1.5;
  for (const side of [-1, 0, 1]) for (const half of [-1, 1]) {
    const yard = cards.filter((_, at) => day.places[at].side === side && !day.places[at].gate && Math.sign(day.places[at].y) === half);
    if (!yard.length) continue;
    const left = Math.min(...yard.map((one) => one.left)) - 5, top = Math.min(...yard.map((one) => one.top)) - 5;
    const right = Math.max(...yard.map((one) => one.left + one.wide)) + 5, bottom = Math.max(...yard.map((one) => one.top + one.tall)) + 5;
    c.beginPath(); c.roundRect(left, top, right - left, bottom - top, 8); c.fill(); c.stroke();
  }
  // A way from the road to every place.
  c.strokeStyle = "#c9ccd4"; c.lineWidth = 7;
  cards.forEach((card) => {
    const [x, y] = [card.left - 4, card.top + card.tall / 2];
    c.beginPath(); c.moveTo(x + 12, y); c.lineTo(x, y); c.lineTo(x, road.middle); c.stroke();
  });
  c.fillStyle = "#c9ccd4";
  c.fillRect(0, road.top, wide, road.bottom - road.top);
  c.strokeStyle = "#fff"; c.lineWidth = 1.5; c.setLineDash([14, 10]);
  line(0, road.middle, wide, road.middle);
  c.setLineDash([]);
  // Which way each lane goes is painted on it.
  c.fillStyle = "#fff";
  for (let at = 60; at < wide - 20; at += 220) for (const along of [1, -1]) {
    const y = road.middle + along * (road.bottom - road.top) / 4;
    c.beginPath(); c.moveTo(at + 12 * along, y); c.lineTo(at - 2 * along, y - 5); c.lineTo(at - 2 * along, y + 5); c.fill();
  }
  c.fillStyle = "#3c3c46"; c.font = "600 12px system-ui, sans-serif"; c.textBaseline = "middle";
  if (border === null) return;
  c.strokeStyle = "#26262e"; c.lineWidth = 2.5; c.setLineDash([12, 4, 2, 4]);
  line(border, 0, border, tall);
  c.setLineDash([]);
  const [left, right] = words.sides.some(Boolean) ? words.sides : ["", words.border];
  c.textAlign = "right"; c.fillText(left ? `${left} ` : "", border - 8, 12);
  c.textAlign = "left"; c.fillText(right, border + 10, 12);
}

// A gate across its lane: striped and across it while it is closed, along it while it is open.
function boom(c, map, place, card, opened) {
  const { road } = map;
  for (const back of [0, 1]) {
    if (place.way === (back ? 1 : -1)) continue;
    // Who goes along the road keeps to its lower lane.
    const long = LANE + 3, shut = (back ? 1 : -1) * Math.PI / 2;
    c.save();
    c.translate(card.middle, back ? road.top : road.bottom);
    c.rotate(shut * (1 - opened));
    c.fillStyle = "#fff"; c.fillRect(0, -2.5, long, 5);
    c.fillStyle = opened > 0.5 ? "#1d6b38" : "#8a1c1c";
    for (let x = 0; x < long; x += 8) c.fillRect(x, -2.5, Math.min(4.5, long - x), 5);
    c.strokeStyle = c.fillStyle; c.lineWidth = 1; c.strokeRect(0, -2.5, long, 5);
    c.beginPath(); c.arc(0, 0, 4, 0, 2 * Math.PI); c.fill();
    c.restore();
  }
}
