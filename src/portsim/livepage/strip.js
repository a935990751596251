// The hours of a calendar as bars on a strip of a week, whose edges can be dragged or moved by keys.
"use strict";

const QUARTER = 900, WEEK = 7 * DAY;

function offsetAt(zone, second) {
  let row = 0;
  while (row + 1 < zone.length && zone[row + 1][0] <= second) row += 1;
  return zone[row][1];
}

function ruleInForce(words, day) {
  let found = 0;
  words.rules.forEach((rule, number) => { if (rule.from <= day && day <= rule.to) found = number; });
  return found;
}

function movedHours(hours, day, part, edge, second, everyDay) {
  // Hours with one edge elsewhere: no further than its neighbours, nor out of the day it is in.
  const own = hours[day], was = own[part];
  const low = edge ? was[0] + QUARTER : part ? own[part - 1][1] : 0;
  const high = edge ? (part + 1 < own.length ? own[part + 1][0] : Math.max(DAY, was[1])) : was[1] - QUARTER;
  const now = Math.min(Math.max(second, low), high);
  const span = edge ? [was[0], now] : [now, was[1]];
  return hours.map((spans, number) => {
    const alike = everyDay && same(spans, own);
    if (number !== day && !alike) return spans;
    return spans.map((other, place) => (place === part ? span : other));
  });
}

function openOrClose(rule, day) {
  // A day that is open is closed; one that is closed has the hours of the open day before it.
  const { hours } = rule;
  const before = [1, 2, 3, 4, 5, 6].map((back) => hours[(day + 7 - back) % 7]).find((spans) => spans.length);
  const put = hours[day].length ? [] : structuredClone(before ?? [[8 * 3600, 18 * 3600]]);
  rule.hours = hours.map((spans, number) => (number === day ? put : spans));
}

function strip(box, { hours, shift, say, name, fixed, move }) {
  // Bars and edges, which those of fixed hours lack, into a box; `shift` is how far the calendar's clock is behind the port's.
  box.replaceChildren();
  hours.forEach((spans, day) => spans.forEach((span, part) => {
    const at = (second) => ((day * DAY + second + shift + WEEK) % WEEK);
    const begin = at(span[0]), length = span[1] - span[0];
    for (const from of begin + length > WEEK ? [begin, begin - WEEK] : [begin]) {
      const bar = document.createElement("div");
      bar.className = "bar";
      bar.style.left = `${(100 * from) / WEEK}%`;
      bar.style.width = `${(100 * length) / WEEK}%`;
      box.append(bar);
    }
    span.forEach((second, edge) => {
      if (fixed) return;
      const handle = document.createElement("div");
      handle.className = "edge";
      handle.tabIndex = 0;
      handle.dataset.edge = `${day}-${part}-${edge}`;
      const told = {
        role: "slider",
        "aria-label": say(edge ? "closes" : "opens", { calendar: name, day: say("days")[day] }),
        "aria-valuemin": 0,
        "aria-valuemax": Math.max(DAY, second),
        "aria-valuenow": second,
        "aria-valuetext": clockText(second),
      };
      Object.entries(told).forEach(([key, value]) => handle.setAttribute(key, value));
      handle.style.left = `${(100 * at(second - edge)) / WEEK}%`;
      handle.title = `${told["aria-label"]} ${clockText(second)}`;
      handle.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
        if (!way) return;
        event.preventDefault();
        move(day, part, edge, second + way * QUARTER * (event.shiftKey ? 4 : 1), true);
      });
      handle.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        handle.focus();
        const wide = box.getBoundingClientRect().width, from = event.clientX;
        const dragged = (now) => {
          const by = Math.round(((now.clientX - from) / wide) * WEEK / QUARTER) * QUARTER;
          move(day, part, edge, second + by, false);
        };
        const done = () => {
          removeEventListener("pointermove", dragged);
          removeEventListener("pointerup", done);
          removeEventListener("pointercancel", done);
          move(null);
        };
        addEventListener("pointermove", dragged);
        addEventListener("pointerup", done);
        addEventListener("pointercancel", done);
      });
      box.append(handle);
    });
  }));
}
