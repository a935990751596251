// From hours, staff and demand, as they stand on the page, to open intervals and steps of capacity.
// What portsim.calendars and portsim.plan do in Python is done here once more, and a test holds both
// together in every state of the sliders. Intervals are [begin, end) of whole seconds, flat:
// begin, end, begin, end, …; rising, disjoint, touching ones united.
"use strict";

const DAY = 86400;

function merged(rows) {
  // Of any rows [begin, end).
  const spans = rows.filter((row) => row[0] < row[1]).sort((a, b) => a[0] - b[0]);
  const found = [];
  for (const [begin, end] of spans) {
    const last = found.length - 1;
    if (last > 0 && begin <= found[last]) found[last] = Math.max(found[last], end);
    else found.push(begin, end);
  }
  return found;
}

function laidOver(first, second, wanted) {
  // Where one for the first plus two for the second gives one of the wanted sums.
  const found = [];
  let i = 0, k = 0, sum = 0, inside = false;
  while (i < first.length || k < second.length) {
    const now = Math.min(i < first.length ? first[i] : Infinity, k < second.length ? second[k] : Infinity);
    while (i < first.length && first[i] === now) { sum += i % 2 ? -1 : 1; i += 1; }
    while (k < second.length && second[k] === now) { sum += k % 2 ? -2 : 2; k += 1; }
    if (wanted[sum] !== inside) { found.push(now); inside = !inside; }
  }
  return found;
}

const BOTH = [false, false, false, true], FIRST_ONLY = [false, true, false, false];
const intersect = (a, b) => laidOver(a, b, BOTH);
const subtract = (a, b) => laidOver(a, b, FIRST_ONLY);

function clipped(spans, start, stop) {
  const found = [];
  for (let i = 0; i < spans.length; i += 2) {
    const begin = Math.max(spans[i], start), end = Math.min(spans[i + 1], stop);
    if (begin < end) found.push(begin, end);
  }
  return found;
}

function shortened(spans, entry) {
  const found = [];
  for (let i = 0; i < spans.length; i += 2)
    if (spans[i] < spans[i + 1] - entry) found.push(spans[i], spans[i + 1] - entry);
  return found;
}

const shifted = (spans, by) => spans.map((second) => second + by);

// ---- clocks ---------------------------------------------------------------------------------

function instant(zone, shown, later) {
  // When a clock shows so many seconds since 1970: of two instants the first, or the second; of
  // none, because the clock was put forward, the first after the gap.
  let gap = null, last = null;
  for (let row = 0; row < zone.length; row += 1) {
    const from = row ? zone[row][0] : -Infinity;
    const until = row + 1 < zone.length ? zone[row + 1][0] : Infinity;
    const second = shown - zone[row][1];
    if (second >= from && second < until) {
      if (!later) return second;
      last = second;
    } else if (gap === null && row && second < from && shown - zone[row - 1][1] >= from) gap = from;
  }
  return last === null ? gap : last;
}

function dayShown(zone, second) {
  let row = 0;
  while (row + 1 < zone.length && zone[row + 1][0] <= second) row += 1;
  return Math.floor((second + zone[row][1]) / DAY);
}

// ---- calendars ------------------------------------------------------------------------------

function spansOf(words, moved, day) {
  // Openings of a local day, lunch taken out, in seconds after its midnight.
  const weekday = day in words.standsFor ? words.standsFor[day] : (day + 3) % 7;
  let rule = 0;
  words.rules.forEach((part, number) => { if (part.from <= day && day <= part.to) rule = number; });
  let spans = moved.rules[rule].hours[weekday];
  for (const [begins, ends] of moved.rules[rule].lunch)
    for (const shift of [-DAY, 0, DAY])
      spans = spans.flatMap(([opens, closes]) => [
        [opens, Math.min(closes, begins + shift)], [Math.max(opens, ends + shift), closes],
      ]).filter(([opens, closes]) => opens < closes);
  return spans;
}

function calendar(rules, name, state) {
  // Open intervals, epoch seconds, a little beyond the run.
  const words = rules.calendars[name], moved = state.calendars[name], zone = rules.zones[words.zone];
  const start = rules.run.origin - rules.run.margin;
  const stop = rules.run.origin + rules.run.end + rules.run.margin;
  const off = new Set(words.off), rows = [];
  const last = dayShown(zone, stop);
  for (let day = dayShown(zone, start) - 2; day <= last; day += 1) {
    if (off.has(day) || day < words.valid[0] || day > words.valid[1]) continue;
    if (moved.closed.some(([a, b]) => a <= day && day <= b)) continue;
    for (const [opens, closes] of spansOf(words, moved, day))
      rows.push([instant(zone, day * DAY + opens, false), instant(zone, day * DAY + closes, true)]);
  }
  const open = clipped(merged(rows), start, stop);
  return words.light && open.length ? intersect(open, words.light.flat()) : open;
}

// ---- steps ----------------------------------------------------------------------------------

function summed(changes) {
  // Changes [second, by] in any order as a staircase of [second, value].
  changes.sort((a, b) => a[0] - b[0]);
  const found = [];
  let value = 0;
  for (const [second, by] of changes) {
    value += by;
    if (found.length && found[found.length - 1][0] === second) found[found.length - 1][1] = value;
    else found.push([second, value]);
  }
  return found;
}

const steady = (steps) => steps.filter((step, row) => !row || step[1] !== steps[row - 1][1]);

function capacity(shifts, constant, end) {
  const changes = [[0, constant]];
  for (const [spans, count] of shifts) {
    const inside = clipped(spans, 0, end);
    for (let i = 0; i < inside.length; i += 2) changes.push([inside[i], count], [inside[i + 1], -count]);
  }
  return steady(summed(changes)).filter((step) => step[0] < end);
}

function withoutBroken(steps, down, count) {
  const changes = steps.map(([second, value], row) => [second, row ? value - steps[row - 1][1] : value]);
  for (const [a, b] of down) {
    const begin = Math.max(a, steps[0][0]), end = Math.max(b, steps[0][0]);
    if (begin < end) changes.push([begin, -count], [end, count]);
  }
  return steady(summed(changes).map(([second, value]) => [second, Math.max(value, 0)]));
}

// ---- shares of trucks --------------------------------------------------------------------------

function combination(rules, { sliders }, shares) {
  // Which of all combinations of the values of its channels holds.
  return sliders.reduce((row, slider) => row * rules.shares.sliders[slider].values.length + shares[slider], 0);
}

function sharesOf(rules, mixture, shares) {
  // The shares of a set of channels: the first takes what the others leave.
  const values = { ...mixture.shares }, [first] = Object.keys(values);
  if (mixture.sliders.every((slider) => shares[slider] === rules.shares.sliders[slider].usual)) return values;
  mixture.sliders.forEach((slider) => {
    const { where, values: steps } = rules.shares.sliders[slider];
    values[where[where.length - 1]] = steps[shares[slider]];
  });
  const others = Object.entries(values).reduce((sum, [name, share]) => (name === first ? sum : sum + share), 0);
  return { ...values, [first]: Math.round((1 - others) * 1e6) / 1e6 };
}

const canBe = (rules, shares) => rules.shares.mixtures.every((mixture) => mixture.ranks[combination(rules, mixture, shares)] !== null);

// ---- the whole ------------------------------------------------------------------------------

function asItIs(rules) {
  // The state of the sliders in which nothing has been moved.
  const calendars = {};
  for (const [name, words] of Object.entries(rules.calendars))
    calendars[name] = {
      rules: words.rules.map((rule) => ({ hours: rule.hours, lunch: rule.lunch })),
      closed: words.closed,
    };
  return {
    calendars,
    staff: rules.resources.map((r) => (r.shifts.length ? r.shifts.map((shift) => shift[1]) : [r.constant ?? 0])),
    demand: rules.demand ?? 0,
    pace: rules.stages.map(() => 100),
    shares: rules.shares.sliders.map(({ usual }) => usual),
  };
}

function timetable(rules, state) {
  // What holds in every replication: nothing that is drawn.
  const { origin, end } = rules.run;
  const known = new Map();
  const open = (name) => {
    if (!known.has(name)) known.set(name, calendar(rules, name, state));
    return known.get(name);
  };
  const whole = [origin - rules.run.margin, origin + end + rules.run.margin];
  const together = (names) => names.reduce((spans, name) => intersect(spans, open(name)), whole);
  const inPlan = (spans) => shifted(clipped(spans, origin, origin + end), -origin);
  const hours = rules.stages.map((stage) => together(stage.hours));
  const steps = rules.resources.map((resource, number) => {
    if (resource.kind) return [[0, resource.steps[0]], ...resource.steps.slice(1)];
    const counts = state.staff[number], shifts = [];
    resource.shifts.forEach(([name], row) => shifts.push([inPlan(open(name)), counts[row]]));
    return capacity(shifts, resource.shifts.length ? 0 : counts[0], end);
  });
  return {
    admits: rules.stages.map((stage, row) => inPlan(shortened(hours[row], stage.entry))),
    works: hours.map(inPlan),
    steps,
    open: inPlan(together(rules.openHours)),
    paces: paces(rules, state),
    ends: shiftEnds(rules, state, (name) => inPlan(open(name))),
    turns: turns(rules, (name) => inPlan(open(name))),
  };
}

function shiftEnds(rules, state, open) {
  // Ends of shifts that overlap with the next ones: [second, resource, count], rising.
  const ends = new Map();
  rules.resources.forEach(({ shifts, overlaps }, resource) => {
    if (!overlaps) return;
    shifts.forEach(([name], row) => open(name).forEach((second, edge) => {
      const count = state.staff[resource][row];
      if (!(edge % 2) || second <= 0 || second >= rules.run.end || !count) return;
      const key = second * rules.resources.length + resource;
      ends.set(key, [second, resource, count + (ends.get(key)?.[2] ?? 0)]);
    }));
  });
  return [...ends.entries()].sort((a, b) => a[0] - b[0]).map(([, row]) => row);
}

function turns(rules, open) {
  // When the hours of rules by which the queue opens servers begin and end: [second, begins, rule].
  const found = [];
  rules.openings.forEach(({ within }, rule) => {
    const spans = within === null ? [0, rules.run.end] : open(within);
    for (let i = 0; i < spans.length; i += 2) {
      found.push([spans[i], 1, rule]);
      if (spans[i + 1] < rules.run.end) found.push([spans[i + 1], 0, rule]);
    }
  });
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
}

function paces(rules, state) {
  // Rows [since, thousandths] of each stage; null where every work is what it is.
  const milli = rules.stages.map((stage, row) =>
    stage.milli.map((own) => Math.round((own * state.pace[row]) / 100)));
  if (milli.every((hours) => hours.every((factor) => factor === 1000))) return null;
  return milli.map((hours) => steady(rules.clock.map(([since, hour]) => [since, hours[hour]])));
}

function interrupted(rules, table, luck) {
  // The timetable with what is drawn in one replication: closures and breakdowns.
  const cut = (spans, closed) => closed.reduce((left, rows) => subtract(left, rows.flat()), spans);
  const stops = [];
  const steps = table.steps.map((own, row) => {
    const { breaks } = rules.resources[row];
    return luck.down[row].reduce((before, down, number) => {
      const after = withoutBroken(before, down, breaks[number].count);
      for (const [second] of breaks[number].work === "finished" ? [] : down) {
        const count = valueAt(before, second) - valueAt(after, second);
        if (second > 0 && second < rules.run.end && count > 0) stops.push([second, row, count, Number(breaks[number].work === "anew")]);
      }
      return after;
    }, own).filter(([second], place) => !place || second < rules.run.end);
  });
  stops.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  const works = table.works.map((spans, row) => {
    let left = cut(spans, luck.closures[row]);
    for (const [resource, count] of rules.stages[row].attended)
      left = intersect(left, enough(steps[resource], count, rules.run.end));
    return left;
  });
  return { admits: table.admits.map((spans, row) => cut(spans, luck.closures[row])), works, steps, stops };
}

function valueAt(steps, second) {
  let low = 0, high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle][0] <= second) low = middle + 1;
    else high = middle;
  }
  return steps[Math.max(0, low - 1)][1];
}

function enough(steps, count, end) {
  return merged(steps.flatMap(([second, value], row) =>
    (value >= count ? [[second, row + 1 < steps.length ? steps[row + 1][0] : end]] : [])));
}

function faults(rules, state, table) {
  // What portsim would refuse of a state: stages that are never open, or never staffed while they
  // are, as {stage, resource}; and hours that run into those of the next day, as {calendar, day}.
  const found = [];
  Object.entries(state.calendars).forEach(([calendar, { rules: parts }]) => {
    for (const { hours } of parts)
      hours.forEach((spans, day) => {
        const next = hours[(day + 1) % 7];
        if (spans.length && next.length && spans[spans.length - 1][1] - DAY > next[0][0])
          found.push({ calendar, day });
      });
  });
  const number = (resource) => state.staff[resource].reduce((sum, count) => sum + count, 0);
  rules.stages.forEach(({ needs, instead }, stage) => {
    let open = table.admits[stage];
    const lacking = open.length ? needs.find(([resource, count]) => {
      open = intersect(open, enough(table.steps[resource], count, rules.run.end));
      return !open.length;
    }) ?? instead.find(([resource, count]) => number(resource) < count) : [null];
    if (lacking) found.push({ stage, resource: lacking[0] });
  });
  return found;
}

function staffedHours(rules, table) {
  // Hours on duty in the period of each kind of servers with a calendar or roster, by resource.
  const { start, end } = rules.run;
  return rules.resources.map((resource, row) => {
    if (resource.kind || resource.places || !resource.shifts.length) return 0;
    const steps = table.steps[row];
    return steps.reduce((sum, [second, value], place) => {
      const next = place + 1 < steps.length ? steps[place + 1][0] : end;
      return sum + value * Math.max(0, Math.min(next, end) - Math.max(second, start));
    }, 0) / 3600;
  });
}
