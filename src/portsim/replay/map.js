// The port as a schematic map: where things stand on the screen, and what does not move.
"use strict";
const UNIT = 118, HEAD = 26, GAP = 12, LANE = 3 * LINE + 4, SERVED = 2, WAITING = 3;

// Where everything of a map stands in a box so wide; `heads` is how tall the words of a card are.
function wideMap(day, wide, head) {
  const { low, high, border } = day.map, unit = wide / (high - low);
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
  return { flat: true, wide, tall: bottom + below * step, cards, head, road: { top: middle - LANE - 3, middle, bottom: middle + LANE + 3 },
    border: border === null ? null : x(border), unit };
}

// On a narrow screen the road goes down: what goes along it stands on the left, as it drives right.
function tallMap(day, wide, head) {
  const card = Math.max((wide - 2 * LANE + 8) / 2 - 14, 60), tall = head + (WAITING + SERVED) * LINE + 14;
  const cards = [], order = day.places.map((place, at) => at);
  order.sort((a, b) => day.places[a].side - day.places[b].side || day.places[a].x - day.places[b].x || Math.abs(day.places[b].y) - Math.abs(day.places[a].y));
  let ends = [HEAD, HEAD], border = null, side = -1;
  const even = (more) => { const far = Math.max(...ends) + more; ends = [far, far]; };
  for (const at of order) {
    const place = day.places[at], back = place.y < 0 ? 1 : 0;
    if (place.side !== side) {
      even(0);
      if (border === null && day.map.border !== null && side < 0) { border = ends[0] + HEAD / 2; even(HEAD); }
      side = place.side;
    }
    cards[at] = { left: back ? wide - card - 6 : 6, top: ends[back], wide: card, tall, middle: (back ? wide - card - 6 : 6) + card / 2 };
    ends[back] += tall + GAP;
  }
  if (border === null && day.map.border !== null) { even(0); border = ends[0] + HEAD / 2; even(HEAD); }
  return { flat: false, wide, tall: Math.max(...ends) + HEAD, cards, head, road: { top: wide / 2 - LANE / 2 - 1, middle: wide / 2, bottom: wide / 2 + LANE / 2 + 1 }, border, unit: card };
}

function mapOf(day, wide, heads) {
  const { low, high } = day.map;
  return wide / (high - low) >= UNIT ? wideMap(day, wide, heads) : tallMap(day, wide, heads);
}

// Of each gate: on which lanes its trucks wait, from where, and how far back there is room.
function lanes(day, map) {
  const found = day.places.map(() => [null, null]);
  if (!map.flat) return found;
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
  const { road, border, wide, tall, cards, flat } = map, ends = flat ? wide : tall;
  const across = (from, to, width) => (flat ? c.fillRect(from, road.top, to - from, width) : c.fillRect(road.top, from, width, to - from));
  const line = (x, y, u, v) => { c.beginPath(); c.moveTo(...(flat ? [x, y] : [y, x])); c.lineTo(...(flat ? [u, v] : [v, u])); c.stroke(); };
  if (border !== null) {
    c.fillStyle = "#f3f6fa";
    if (flat) c.fillRect(0, 0, border, tall); else c.fillRect(0, 0, wide, border);
    c.fillStyle = "#faf6ef";
    if (flat) c.fillRect(border, 0, wide - border, tall); else c.fillRect(0, border, wide, tall - border);
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
    if (flat) { c.beginPath(); c.moveTo(x + 12, y); c.lineTo(x, y); c.lineTo(x, road.middle); c.stroke(); }
    else { c.beginPath(); c.moveTo(card.middle, y); c.lineTo(wide / 2, y); c.stroke(); }
  });
  c.fillStyle = "#c9ccd4";
  across(0, ends, road.bottom - road.top);
  c.strokeStyle = "#fff"; c.lineWidth = 1.5; c.setLineDash([14, 10]);
  line(0, road.middle, ends, road.middle);
  c.setLineDash([]);
  // Which way each lane goes is painted on it.
  c.fillStyle = "#fff";
  for (let at = 60; at < ends - 20; at += 220) for (const along of [1, -1]) {
    const off = along * (road.bottom - road.top) / 4 * (flat ? 1 : -1), point = (x, y) => (flat ? [at + x * along, road.middle + off + y] : [road.middle + off + y, at + x * along]);
    c.beginPath(); c.moveTo(...point(12, 0)); c.lineTo(...point(-2, -5)); c.lineTo(...point(-2, 5)); c.fill();
  }
  c.fillStyle = "#3c3c46"; c.font = "600 12px system-ui, sans-serif"; c.textBaseline = "middle";
  if (border === null) return;
  c.strokeStyle = "#26262e"; c.lineWidth = 2.5; c.setLineDash([12, 4, 2, 4]);
  c.beginPath(); c.moveTo(...(flat ? [border, 0] : [0, border])); c.lineTo(...(flat ? [border, tall] : [wide, border])); c.stroke();
  c.setLineDash([]);
  const [left, right] = words.sides.some(Boolean) ? words.sides : ["", words.border];
  if (flat) {
    c.textAlign = "right"; c.fillText(left ? `${left} ` : "", border - 8, 12);
    c.textAlign = "left"; c.fillText(right, border + 10, 12);
  } else {
    c.textAlign = "left"; c.fillText(left, 4, 12); c.fillText(right, 4, tall - 12);
  }
}

// A gate across its lane: striped and across it while it is closed, along it while it is open.
function boom(c, map, place, card, opened) {
  const { road, flat } = map;
  for (const back of [0, 1]) {
    if (place.way === (back ? 1 : -1)) continue;
    // Who goes along a flat road keeps to its lower lane, who goes down a narrow map to the left one.
    const low = flat ? !back : Boolean(back), long = (flat ? LANE : LANE / 2) + 3, turn = Math.PI / 2;
    const edge = low ? road.bottom : road.top, at = flat ? card.middle : card.top + card.tall / 2;
    const [shut, open] = flat ? (low ? [-turn, 0] : [turn, 0]) : low ? [2 * turn, 3 * turn] : [0, -turn];
    c.save();
    c.translate(...(flat ? [at, edge] : [edge, at]));
    c.rotate(shut + opened * (open - shut));
    c.fillStyle = "#fff"; c.fillRect(0, -2.5, long, 5);
    c.fillStyle = opened > 0.5 ? "#1d6b38" : "#8a1c1c";
    for (let x = 0; x < long; x += 8) c.fillRect(x, -2.5, Math.min(4.5, long - x), 5);
    c.strokeStyle = c.fillStyle; c.lineWidth = 1; c.strokeRect(0, -2.5, long, 5);
    c.beginPath(); c.arc(0, 0, 4, 0, 2 * Math.PI); c.fill();
    c.restore();
  }
}
