// The page: what is moved, what is asked of the workers, and what is seen.
"use strict";

const $ = (name) => document.getElementById(name);
const rules = JSON.parse($("data").textContent);
const AT_ONCE = Math.min(3, rules.replications.length), MOST_PINNED = 4;
const usual = asItIs(rules);
const SHOWN_DAY = Math.floor((rules.run.origin + (rules.run.start + rules.run.end) / 2) / DAY);

// Stages that some truck passes: of others nothing is to be moved or seen.
const VISITED = new Set(rules.visited);

let language = rules.language, state = stateInAddress() ?? structuredClone(usual);
const past = [], future = [];
const pinned = [{ name: "asItIs", state: structuredClone(usual), figures: new Map() },
  ...rules.policies.map(([name, own]) => ({ name, state: own, figures: new Map() }))];
let shown = { state, figures: new Map() }, asked = shown;

function say(name, parts = {}) {
  const words = rules.words[language][name];
  return typeof words === "string" ? words.replace(/\{(\w+)\}/g, (all, key) => parts[key] ?? all) : words;
}

const labels = () => rules.labels[language];

const number = (value, digits = 1) =>
  (Number.isFinite(value) ? numberText(value, digits) : "–");
const percent = (value, digits = 1) => say("percent", { number: number(100 * value, digits) });

// Browsers do not know every language; a number is written as portsim writes it everywhere.
function numberText(value, digits) {
  const [point, group] = rules.signs[language];
  const [whole, rest] = Math.abs(value).toFixed(digits).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, group) + (rest ? point + rest : "");
  return value < 0 && Number(value.toFixed(digits)) !== 0 ? `−${text}` : text;
}

// ---- the workers: what is shown is asked first, then what is pinned, then more replications ----

const workers = [];

function start() {
  const text = ["calendars", "engine", "loads", "measures", "day", "worker"].map((name) => $(`source-${name}`).textContent).join("\n");
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const { draws, wasm, words, ...bare } = rules;
  const code = Uint8Array.from(atob(wasm), (sign) => sign.charCodeAt(0));
  const count = Math.max(1, Math.min(navigator.hardwareConcurrency || 2, AT_ONCE));
  for (let row = 0; row < count; row += 1) {
    const worker = new Worker(address);
    const own = draws.map((text_, place) => [place, text_]).filter(([place]) => place % count === row);
    worker.postMessage({ rules: bare, code, draws: own });
    worker.onmessage = ({ data }) => (data.played ? played(data.played) : told(workers[row], data));
    worker.onerror = (event) => { $("failed").textContent = say("failed", { why: event.message }); };
    workers.push({ worker, row, busy: null });
  }
  URL.revokeObjectURL(address);
}

function next({ row }) {
  // What a worker does now: of the policy that is asked for, the pinned ones, the other runs.
  const own = (policy, until) => {
    for (let place = row; place < until; place += workers.length)
      if (!policy.figures.has(place)) return { policy, place };
    return null;
  };
  const all = rules.replications.length, first = own(shown, AT_ONCE);
  // While something is being moved, nobody may be busy with what is not asked for.
  if (first || resting) return first;
  return pinned.reduce((found, policy) => found ?? own(policy, AT_ONCE), null)
    ?? own(shown, all) ?? pinned.reduce((found, policy) => found ?? own(policy, all), null);
}

function work() {
  // A policy that has begun to be answered is answered before the next one is asked.
  const begun = [...Array(AT_ONCE).keys()].some((place) => !shown.figures.has(place));
  const running = workers.some((one) => one.busy && one.busy.policy === shown);
  if (asked !== shown && !(begun && running)) shown = asked;
  for (const one of workers) {
    if (one.busy) continue;
    one.busy = next(one);
    if (one.busy) one.worker.postMessage({ number: one.busy.place, state: one.busy.policy.state });
  }
}

function told(one, { figures, failed }) {
  const { policy, place } = one.busy;
  one.busy = null;
  if (failed) {
    $("failed").textContent = say("failed", { why: failed });
    return;
  }
  policy.figures.set(place, figures);
  if (policy === shown && policy.figures.size >= AT_ONCE) seen = policy;
  work();
  // Nothing new is to be seen before the last of those that answer at once.
  if (policy === seen || pinned.includes(policy)) showSoon();
}

const REST_MS = 300;
let seen = null, toDraw = 0, resting = 0;

function rest() {
  clearTimeout(resting);
  resting = setTimeout(() => { resting = 0; work(); }, REST_MS);
}

function showSoon() {
  // However many answers come within a frame, they are drawn once.
  toDraw ||= requestAnimationFrame(() => { toDraw = 0; show(); });
}

// ---- what is moved -----------------------------------------------------------------------------

function moved(change, keep = true) {
  const before = structuredClone(state);
  change(state);
  if (same(before, state)) return;
  if (keep) remember(before);
  ask();
}

function remember(before) {
  past.push(before);
  future.length = 0;
}

function ask() {
  const known = pinned.find((policy) => same(policy.state, state));
  asked = { state: structuredClone(state), figures: known ? known.figures : new Map() };
  rest();
  work();
  controls();
  keepAddress();
  if (asked.figures.size >= AT_ONCE) { shown = seen = asked; show(); }
}

let written = -Infinity, writing = 0;

function keepAddress() {
  // Browsers complain of an address that changes at every step of a drag.
  if (location.protocol === "about:") return; // within a notebook the address is not the page's own
  const write = () => {
    written = performance.now();
    history.replaceState(null, "", same(state, usual) ? "#" : `#${encodeURIComponent(JSON.stringify(state))}`);
  };
  clearTimeout(writing);
  if (performance.now() - written > 500) write();
  else writing = setTimeout(write, 500);
}

function stateInAddress() {
  // A state that was mailed; one that does not fit this page is left alone.
  try {
    const found = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    const fits = (a, b) => typeof a === typeof b && (a === null || typeof a !== "object"
      || (Array.isArray(a) ? Array.isArray(b) : Object.keys(a).every((key) => key in b && fits(a[key], b[key]))));
    return fits(usual, found) && isSound(found) ? found : null;
  } catch {
    return null;
  }
}

function isFixed(name) {
  return rules.fixedCalendars.includes(name);
}

function isSound(found) {
  const whole = (value, low, high) => Number.isInteger(value) && value >= low && value <= high;
  const spans = (rows) => rows.every((row, at) => row.length === 2 && whole(row[0], 0, DAY)
    && whole(row[1], row[0], 2 * DAY) && (!at || rows[at - 1][1] <= row[0]));
  return whole(found.demand, 0, rules.demandSteps.length - 1)
    && found.staff.length === usual.staff.length
    && found.staff.every((counts, row) => counts.length === usual.staff[row].length && counts.every((count) => whole(count, 0, 1e6)))
    && found.pace.length === usual.pace.length && found.pace.every((pace) => whole(pace, 50, 200))
    && found.shares.length === usual.shares.length
    && found.shares.every((step, slider) => whole(step, 0, rules.shares.sliders[slider].values.length - 1)) && canBe(rules, found.shares)
    && Object.entries(found.calendars).every(([name, words]) => name in usual.calendars
      && (!isFixed(name) || same(words, usual.calendars[name]))
      && words.rules.length === usual.calendars[name].rules.length
      && words.closed.every(([a, b]) => whole(a, -1e5, 1e5) && whole(b, a, 1e5))
      && words.rules.every((rule) => rule.hours.length === 7 && rule.hours.every(spans) && spans(rule.lunch)));
}

// ---- controls ----------------------------------------------------------------------------------

function markOf(path) {
  const mark = rules.marks[path] ?? Object.entries(rules.marks).find(([key]) => key.startsWith(`${path}.`) || key.startsWith(`${path}[`))?.[1];
  if (!mark || !mark.mark) return null;
  const box = document.createElement("span");
  box.className = mark.mark === "E" ? "mark assumed" : "mark";
  const range = mark.range.length ? `; ${say("range", { low: mark.range[0], high: mark.range[1] })}` : "";
  box.textContent = mark.mark === "E" ? `E ${say("assumed")}` : mark.mark;
  box.title = `${mark.source}${range}`;
  return box;
}

const element = (kind, text, of = {}) => Object.assign(document.createElement(kind), { textContent: text ?? "" }, of);

let dragging = null;

function controls() {
  const held = document.activeElement?.dataset?.key ?? document.activeElement?.dataset?.edge
    ? document.activeElement.closest("[data-calendar]")?.dataset.calendar : null;
  const edge = document.activeElement?.dataset?.edge, key = document.activeElement?.dataset?.key;
  if (!$("calendars").children.length) build();
  for (const box of $("calendars").children) calendarBox(box);
  for (const box of document.querySelectorAll("[data-staff]")) {
    const [row, shift] = box.dataset.staff.split("-").map(Number);
    box.querySelector("output").textContent = state.staff[row][shift];
    box.querySelector("button").disabled = state.staff[row][shift] === 0;
  }
  $("demand").value = state.demand;
  $("demand-of").textContent = `${rules.demandSteps[state.demand]} %`;
  $("demand").setAttribute("aria-valuetext", $("demand-of").textContent);
  for (const box of document.querySelectorAll("[data-stage]")) {
    box.querySelector("input").value = state.pace[box.dataset.stage];
    box.querySelector("output").textContent = `${state.pace[box.dataset.stage]} %`;
    box.querySelector("input").setAttribute("aria-valuetext", `${state.pace[box.dataset.stage]} %`);
  }
  for (const box of document.querySelectorAll("[data-share]")) {
    const slider = Number(box.dataset.share), value = rules.shares.sliders[slider].values[state.shares[slider]];
    box.querySelector("input").value = state.shares[slider];
    box.querySelector("input").setAttribute("aria-valuetext", percent(value));
    box.querySelector("output").textContent = percent(value);
  }
  $("back").disabled = !past.length;
  $("forward").disabled = !future.length;
  $("reset").disabled = same(state, usual);
  refuse();
  if (held && edge && !document.activeElement?.dataset?.edge)
    document.querySelector(`[data-calendar="${CSS.escape(held)}"] [data-edge="${edge}"]`)?.focus();
  else if (key && document.activeElement?.dataset?.key !== key)
    document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

let laid = { text: "", table: null };

function tableOf(of) {
  const text = JSON.stringify(of);
  if (laid.text !== text) laid = { text, table: timetable(rules, of) };
  return laid.table;
}

function refuse() {
  // A policy that portsim would refuse is no overlay, and is told to be none.
  const found = faults(rules, state, tableOf(state)).map(({ calendar, day, stage, resource }) => {
    if (calendar !== undefined)
      return say("runsInto", { calendar: labels().calendars[calendar][0], day: say("days")[day] });
    const name = labels().stages[rules.stages[stage].name];
    return resource === null ? say("neverOpen", { stage: name })
      : say("neverMet", { stage: name, resource: labels().resources[rules.resources[resource].name] });
  });
  const text = found.length ? [...found, say("refused")].join(" ") : "";
  if ($("refused").textContent !== text) $("refused").textContent = text;
  $("yaml").disabled = found.length > 0;
}

function calendarBox(box) {
  const name = box.dataset.calendar, words = rules.calendars[name];
  // Only what has been moved is built anew.
  const text = JSON.stringify(state.calendars[name]);
  if (box.dataset.shown === text) return;
  box.dataset.shown = text;
  const number_ = ruleInForce(words, SHOWN_DAY), rule = state.calendars[name].rules[number_];
  const [label] = labels().calendars[name];
  const middle = SHOWN_DAY * DAY;
  const shift = offsetAt(rules.zones[rules.portZone], middle) - offsetAt(rules.zones[words.zone], middle);
  strip(box.querySelector(".strip"), {
    hours: rule.hours, shift, say, name: label, fixed: isFixed(name),
    move: (day, part, edge, second, byKey) => {
      if (day === null) {
        if (dragging && !same(dragging, state)) remember(dragging);
        dragging = null;
        controls();
        return;
      }
      if (!byKey) dragging ??= structuredClone(state);
      moved((now) => {
        const own = now.calendars[name].rules[number_];
        own.hours = movedHours(own.hours, day, part, edge, second, $("every-day").checked);
      }, byKey);
    },
  });
  box.querySelectorAll(".axis button").forEach((button, day) => button.setAttribute("aria-pressed", rule.hours[day].length > 0));
  const [from, to] = box.querySelectorAll('input[type="time"]');
  from.value = rule.lunch.length ? clockText(rule.lunch[0][0]) : "";
  // Midnight at the end of a day is 00:00 to this kind of field.
  to.value = rule.lunch.length ? clockText(rule.lunch[0][1] % DAY) : "";
  const chips = box.querySelector(".chips");
  chips.replaceChildren();
  const first = Math.floor((rules.run.origin + rules.run.start) / DAY), last = Math.floor((rules.run.origin + rules.run.end) / DAY);
  state.calendars[name].closed.forEach(([a, b], place) => {
    if (b < first || a > last) return;
    const text = a === b ? dateText(a) : `${dateText(a)} – ${dateText(b)}`;
    const chip = element("button", `${text} ×`, { type: "button" });
    chip.setAttribute("aria-label", say("openAgain", { day: text }));
    chip.onclick = () => moved((now) => { now.calendars[name].closed.splice(place, 1); });
    chips.append(chip);
  });
}

function build() {
  for (const name of Object.keys(rules.calendars)) {
    const box = element("div"), [label, side] = labels().calendars[name];
    box.dataset.calendar = name;
    const head = element("h3", side ? `${label} (${side}) ` : `${label} `);
    const mark = markOf(`calendars.${name}.hours`);
    if (mark) head.append(mark);
    if (mark?.classList.contains("assumed")) box.className = "assumed";
    const axis = element("div", "", { className: "axis" });
    say("days").forEach((day, at) => {
      const button = element("button", day, { type: "button" });
      button.setAttribute("aria-label", say("openOn", { calendar: label, day }));
      button.dataset.key = `open-${name}-${at}`;
      button.onclick = () => moved((now) => openOrClose(now.calendars[name].rules[ruleInForce(rules.calendars[name], SHOWN_DAY)], at));
      axis.append(button);
    });
    const lunch = element("p"), closed = element("p");
    lunch.append(`${say("lunch")} `);
    ["lunchFrom", "lunchTo"].forEach((words) => {
      const input = element("input", "", { type: "time", step: 900 });
      input.setAttribute("aria-label", say(words, { calendar: label }));
      input.onchange = () => lunchMoved(box, name);
      lunch.append(input, " ");
    });
    closed.append(`${say("closedDays")} `);
    const day = element("input", "", { type: "date" });
    day.setAttribute("aria-label", say("addClosed", { calendar: label }));
    day.onchange = () => {
      const at = Math.floor(Date.parse(`${day.value}T00:00:00Z`) / 1000 / DAY);
      if (!Number.isInteger(at)) return;
      day.value = "";
      moved((now) => {
        const { closed: days } = now.calendars[name];
        if (!days.some(([a, b]) => a <= at && at <= b)) days.push([at, at]);
      });
    };
    closed.append(day);
    box.append(head, axis, element("div", "", { className: "strip" }));
    if (isFixed(name)) {
      axis.querySelectorAll("button").forEach((button) => { button.disabled = true; });
      lunch.hidden = closed.hidden = true;
      box.append(element("p", say("followed"), { className: "help" }));
    }
    box.append(lunch, closed, element("div", "", { className: "chips", hidden: isFixed(name) }));
    $("calendars").append(box);
  }
  rules.resources.forEach((resource, row) => {
    if (resource.kind) return;
    const shifts = resource.shifts.length ? resource.shifts : [[""]];
    shifts.forEach(([calendar], shift) => {
      const label = labels().resources[resource.name];
      const name = shifts.length > 1 ? `${label}: ${labels().calendars[calendar][0]}` : label;
      const box = element("div", "", { className: "stepper" });
      box.dataset.staff = `${row}-${shift}`;
      box.append(element("span", name, { className: "name" }));
      const less = element("button", "−", { type: "button" }), more = element("button", "+", { type: "button" });
      less.setAttribute("aria-label", say("less", { name }));
      more.setAttribute("aria-label", say("more", { name }));
      less.dataset.key = `less-${row}-${shift}`;
      more.dataset.key = `more-${row}-${shift}`;
      less.onclick = () => moved((now) => { now.staff[row][shift] = Math.max(0, now.staff[row][shift] - 1); });
      more.onclick = () => moved((now) => { now.staff[row][shift] += 1; });
      if (resource.fixed) less.hidden = more.hidden = true;
      const count = element("output");
      count.setAttribute("aria-label", name);
      box.append(less, count, more);
      const mark = markOf(`resources.${resource.name}.capacity`) ?? markOf(`resources.${resource.name}.roster`);
      if (mark) box.append(mark);
      $("staff").append(box);
    });
  });
  Object.assign($("demand"), { min: 0, max: rules.demandSteps.length - 1, step: 1 });
  rules.stages.forEach((stage, row) => {
    if (!VISITED.has(row)) return;
    const box = element("div", "", { className: "stepper" });
    box.dataset.stage = row;
    const label = element("label", labels().stages[stage.name], { className: "name" });
    const input = element("input", "", { type: "range", min: 50, max: 200, step: 5, id: `pace-${row}` });
    label.htmlFor = input.id;
    input.oninput = () => moved((now) => { now.pace[row] = Number(input.value); });
    box.append(label, input, element("output"));
    $("stages").append(box);
  });
  buildShares();
}

function buildShares() {
  $("shares-part").hidden = !rules.shares.sliders.length;
  $("shares-help").hidden = rules.shares.mixtures.every(({ sliders }) => !sliders.length);
  rules.shares.sliders.forEach(({ where, values, path }, slider) => {
    const box = element("div", "", { className: "stepper" }), [kind, name, , stage] = where;
    box.dataset.share = slider;
    const text = kind === "stages" ? labels().stages[name]
      : where.length === 5 ? say("shareOfClass", { class: labels().classes[name], stage: labels().stages[stage] })
        : say("shareOfChannel", { set: kind === "traffic" ? labels().classes[name] : name, channel: where[where.length - 1] });
    const label = element("label", text, { className: "name" });
    const input = element("input", "", { type: "range", min: 0, max: values.length - 1, step: 1, id: `share-${slider}` });
    label.htmlFor = input.id;
    input.oninput = () => moved((now) => {
      // No more than what the first channel can give.
      const shares = [...now.shares];
      for (shares[slider] = Number(input.value); !canBe(rules, shares);) shares[slider] -= 1;
      now.shares = shares;
      input.value = shares[slider];
    });
    box.append(label, input, element("output"));
    const mark = markOf(path);
    if (mark) box.append(mark);
    $("shares").append(box);
  });
}

function lunchMoved(box, name) {
  const [from, to] = [...box.querySelectorAll('input[type="time"]')].map((input) => input.value);
  const second = (text) => text.split(":").reduce((sum, part, at) => sum + Number(part) * [3600, 60, 1][at], 0);
  const rule = ruleInForce(rules.calendars[name], SHOWN_DAY);
  if (!from !== !to) return;
  const ends = to && (second(to) || DAY);
  if (from && second(from) >= ends) return;
  moved((now) => {
    const own = now.calendars[name].rules[rule];
    own.lunch = from ? [[second(from), ends], ...own.lunch.slice(1)] : own.lunch.slice(1);
  });
}

// ---- what is seen ------------------------------------------------------------------------------

function interval(values) {
  const n = values.length, mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, half: NaN };
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, half: rules.student[n - 2] * Math.sqrt(spread / n) };
}

const rowsOf = (policy) => [...policy.figures.keys()].sort((a, b) => a - b).map((place) => policy.figures.get(place));
const meanOf = (policy, name) => interval(rowsOf(policy).map((figures) => figures[name])).mean;

function staffOf(policy) {
  policy.staffed ??= staffedHours(rules, tableOf(policy.state)).map((sum) => sum / rules.days);
  const costs = policy.staffed.map((sum, row) => sum * (rules.resources[row].cost ?? 0)
    + rules.resources[row].paid.reduce((paid, one, shift) => paid + one * policy.state.staff[row][shift], 0));
  return { hours: policy.staffed.reduce((a, b) => a + b, 0), cost: costs.reduce((a, b) => a + b, 0) };
}

const isPaid = (resource) => resource.cost !== null || resource.paid.some((one) => one > 0);

function worthText(policy, base) {
  // What staff and time together cost more or less than with the same trucks as it is.
  const pairs = [...policy.figures.keys()].filter((place) => base.figures.has(place));
  if (!pairs.length || same(policy.state, base.state)) return "";
  const change = interval(pairs.map((place) => policy.figures.get(place).time - base.figures.get(place).time));
  const mean = change.mean + staffOf(policy).cost - staffOf(base).cost;
  return ` (${mean > 0 ? "+" : mean < 0 ? "−" : ""}${number(Math.abs(mean), 0)}${Number.isFinite(change.half) && change.half >= 0.5 ? ` ± ${number(change.half, 0)}` : ""})`;
}

const FIGURES = [
  ["arrived", (policy) => number(meanOf(policy, "arrived"))],
  ["throughput", (policy) => number(meanOf(policy, "throughput"))],
  ["stay", (policy) => (rowsOf(policy).some((figures) => figures.atLeast) ? "≥ " : "") + number(meanOf(policy, "stay"), 2)],
  ["queueMean", (policy) => number(meanOf(policy, "queueMean"))],
  ["insideEnd", (policy) => number(meanOf(policy, "insideEnd"), 0)],
  ["staffed", (policy) => number(staffOf(policy).hours)],
  [rules.resources.some((resource) => resource.overtime) ? "bare" : "cost", (policy) => number(staffOf(policy).cost, 0)],
  ["time", (policy) => number(meanOf(policy, "time"), 0)],
  ["both", (policy) => `${number(staffOf(policy).cost + meanOf(policy, "time"), 0)}${worthText(policy, pinned[0])}`],
].filter(([name]) => !["cost", "bare", "both"].includes(name) || rules.resources.some(isPaid))
  .filter(([name]) => !["time", "both"].includes(name) || rules.classes.some((one) => one.hour !== null))
  // Where nobody has hours of work there is no roster to count.
  .filter(([name]) => name !== "staffed" || rules.resources.some((resource) => resource.kind === 0 && resource.shifts.length));

function nameOf(policy, row) {
  return policy === pinned[0] ? say("asItIs") : labels().policies[policy.name] || policy.name || say("number", { number: row });
}

function show() {
  if (!seen) return;
  const rows = rowsOf(seen), share = interval(rows.map((figures) => figures.kept));
  const hours = number(rules.promise.limit / 3600, 0);
  $("kept").textContent = percent(share.mean);
  $("kept-of").textContent = say("share", { hours });
  $("kept-interval").textContent = intervalText(share, rows.length);
  $("kept-change").textContent = changeText(seen, pinned[0], 0);
  $("count").textContent = say("replications", { count: rows.length, all: rules.replications.length });
  const list = $("figures");
  list.replaceChildren(...FIGURES.map(([name, text]) => {
    const pair = element("div");
    pair.append(element("dt", say(name, { currency: rules.currency })), element("dd", text(seen)));
    return pair;
  }));
  pictures(rows);
  table();
}

function intervalText({ mean, half }, count) {
  // Bounds that look alike are told with more digits; where all are the same, there is no interval.
  if (!Number.isFinite(half)) return "";
  if (half < 1e-12) return say("noSpread", { count });
  const bounds = (digits) => [mean - half, mean + half].map((value) =>
    percent(Math.min(1, Math.max(0, value)), digits));
  const digits = [1, 2, 3].find((some) => bounds(some)[0] !== bounds(some)[1]) ?? 4;
  const [low, high] = bounds(digits);
  return say("interval", { low, high });
}

function changeText(policy, base, row) {
  const pairs = [...policy.figures.keys()].filter((place) => base.figures.has(place));
  if (!pairs.length || same(policy.state, base.state)) return "";
  const change = interval(pairs.map((place) => policy.figures.get(place).kept - base.figures.get(place).kept));
  const sign = (value) => `${value >= 0 ? "+" : "−"}${number(Math.abs(100 * value), 1)}`;
  const spread = Number.isFinite(change.half) && change.half >= 1e-12 ? ` ± ${number(100 * change.half, 1)}` : "";
  return say("against", { change: `${sign(change.mean)}${spread}`, policy: nameOf(base, row) });
}

function pictures(rows) {
  const base = same(seen.state, pinned[0].state) || !pinned[0].figures.size ? null : rowsOf(pinned[0]);
  const queue = bandOf(rows.map((figures) => figures.queue));
  const days = [], every = queue.mean.length > 24 * 28 ? 14 : Math.ceil(queue.mean.length / (24 * 8));
  for (let hour = 0; hour < queue.mean.length; hour += 24 * every)
    days.push([hour, dateText(Math.floor((rules.run.origin + rules.run.start + hour * 3600 + 12 * 3600) / DAY)).slice(5)]);
  drawCurves($("queue"), queue, base && bandOf(base.map((figures) => figures.queue)), days);
  const most = interval(rows.map((figures) => figures.queueMost)).mean;
  const text = say("queueOf", { mean: number(meanOf(seen, "queueMean")), most: number(most, 0) });
  $("queue").setAttribute("aria-label", text);
  $("queue-of").textContent = text;
  if (rules.hourOfWeek.length) {
    const week = bandOf(rows.map((figures) => figures.week));
    drawCurves($("week"), week, base && bandOf(base.map((figures) => figures.week)), say("days").map((day, at) => [24 * at, day]));
    const most = Math.max(...week.mean.filter(Number.isFinite)), at = week.mean.indexOf(most);
    const said = most > 0
      ? say("weekOf", { day: say("days")[Math.floor(at / 24)], hour: `${String(at % 24).padStart(2, "0")}:00` }) : say("nobody");
    $("week").setAttribute("aria-label", said);
    $("week-of").textContent = said;
  }
  curve("inside", rows, base, days, say("insideOf", { mean: number(mean(rows, insideMean)), most: number(mean(rows, (one) => one.insideMost), 0) }));
  const noons = days.map(([hour, text_]) => [hour / 24, text_]);
  curve("daily", rows, base, noons, say("dailyOf", { out: number(meanOf(seen, "throughput")), came: number(meanOf(seen, "arrived")) }));
  waitRows(rows);
  loadRows(rows);
}

const mean = (rows, value) => interval(rows.map(value)).mean;
const insideMean = ({ inside }) => inside.reduce((sum, value) => sum + value, 0) / inside.length;

function curve(name, rows, base, ticks, text) {
  drawCurves($(name), bandOf(rows.map((one) => one[name])), base && bandOf(base.map((one) => one[name])), ticks);
  $(name).setAttribute("aria-label", text);
  $(`${name}-of`).textContent = text;
}

function barRow(name, texts, bars) {
  const row = element("tr"), cell = element("td");
  bars.forEach(([share, kind]) => {
    const bar = element("span", "", { className: `wait ${kind}` });
    bar.style.width = `${100 * share}%`;
    cell.append(bar);
  });
  row.append(element("th", name, { scope: "row" }), ...texts.map((text) => element("td", text, { className: "number" })), cell);
  return row;
}

function waitRows(rows) {
  // Hours a truck at each stage: while it was open and staffed, and while it was not.
  const waits = rules.stages.map((stage, row) => [labels().stages[stage.name],
    ...[0, 1].map((part) => mean(rows, (figures) => figures.waits[row][part]))]).filter(([, open, shut]) => open + shut > 0);
  const longest = Math.max(...waits.map(([, open, shut]) => open + shut), 1e-9);
  const heads = ["waitsAt", "waitsOpen", "waitsShut"].map((words, place) => {
    const head = element("th", say(words), { scope: "col", className: place ? "number" : "" });
    if (place) head.prepend(element("span", "", { className: place === 1 ? "wait key" : "wait key shut" }), " ");
    return head;
  });
  const line = element("tr");
  line.append(...heads, element("td"));
  $("waits").tHead.replaceChildren(...(waits.length ? [line] : []));
  $("waits").tBodies[0].replaceChildren(...waits.map(([name, open, shut]) =>
    barRow(name, [number(open, 2), number(shut, 2)], [[open / longest, ""], [shut / longest, "shut"]])));
}

function loadRows(rows) {
  // What is asked of each resource, over what it can do; of those that something is asked of.
  const loads = rules.resources.map(({ name }, row) => [labels().resources[name],
    rows.some((figures) => figures.loads[row] === null) ? NaN : mean(rows, (figures) => figures.loads[row])]).filter(([, load]) => load > 0);
  const most = Math.max(1, ...loads.map(([, load]) => load));
  $("loads").tBodies[0].replaceChildren(...loads.sort((a, b) => b[1] - a[1]).map(([name, load]) =>
    barRow(name, [percent(load, 0)], [[load / most, load > 1 ? "over" : ""]])));
}

function table() {
  // A column a policy: a telephone has room for three, and what differs stands side by side.
  const box = $("policies"), head = element("tr"), last = element("tr");
  const kept = ({ mean, half }) => `${percent(mean)}${half >= 1e-12 ? ` ± ${number(100 * half)}` : ""}`;
  const told = [[say("share", { hours: number(rules.promise.limit / 3600, 0) }), (policy) => kept(interval(rowsOf(policy).map((figures) => figures.kept)))],
    ...FIGURES.map(([name, text]) => [say(name, { currency: rules.currency }), text])];
  const rows = told.map(([name, text], line) => {
    const row = element("tr");
    row.append(element("th", name, { scope: "row" }), ...pinned.map((policy) =>
      element("td", policy.figures.size ? text(policy) : line ? "" : say("working"), { className: "number" })));
    return row;
  });
  head.append(element("th", say("policy"), { scope: "col" }));
  last.append(element("td"));
  pinned.forEach((policy, place) => {
    const name = nameOf(policy, place);
    head.append(element("th", name, { scope: "col", className: "number" }));
    const use = element("button", "↺", { type: "button" }), cell = element("td", "", { className: "number" });
    use.setAttribute("aria-label", say("use", { policy: name }));
    use.dataset.key = `use-${place}`;
    use.onclick = () => { remember(structuredClone(state)); state = structuredClone(policy.state); ask(); };
    cell.append(use);
    if (place) {
      const out = element("button", "×", { type: "button" });
      out.setAttribute("aria-label", say("unpin", { policy: name }));
      out.dataset.key = `unpin-${place}`;
      out.onclick = () => { pinned.splice(place, 1); show(); };
      cell.append(" ", out);
    }
    last.append(cell);
  });
  const key = document.activeElement?.dataset?.key;
  box.replaceChildren(element("caption", say("policies"), { className: "unseen" }), head, ...rows, last);
  if (key) document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  $("pin").disabled = pinned.length >= MOST_PINNED || pinned.some((policy) => same(policy.state, state));
}

// ---- out of it again ---------------------------------------------------------------------------

function save(name, blob) {
  const link = element("a", "", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const yamlText = () => overlay(rules, state, { source: say("source"), summary: say("moved") });

function csvText() {
  // A text that begins like a formula is none.
  const cell = (text) => `"${String(text).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  const head = ["policy", "replication", "completed_within_limit", "throughput_per_day", "stay_mean_h", "queue_mean", "inside_at_end", "arrived_per_day"];
  const names = ["kept", "throughput", "stay", "queueMean", "insideEnd", "arrived"];
  const lines = [...pinned, ...(seen && !pinned.some((policy) => same(policy.state, seen.state)) ? [seen] : [])].flatMap((policy, row) =>
    [...policy.figures.entries()].sort((a, b) => a[0] - b[0]).map(([place, figures]) =>
      [cell(policy.name === undefined ? say("policy") : policy.name in labels().policies ? policy.name : nameOf(policy, row)), place + 1, ...names.map((name) => figures[name])].join(",")));
  return `\uFEFF${[head.join(","), ...lines].join("\r\n")}\r\n`;
}

$("yaml").onclick = () => save("policy.yaml", new Blob([yamlText()], { type: "text/yaml" }));
$("csv").onclick = () => save("figures.csv", new Blob([csvText()], { type: "text/csv" }));
$("png").onclick = () => $("queue").toBlob((blob) => save("queue.png", blob));
$("print").onclick = () => print();
$("pin").onclick = () => {
  pinned.push({ name: "", state: structuredClone(state), figures: asked.figures });
  work();
  show();
};
$("demand").oninput = () => moved((now) => { now.demand = Number($("demand").value); });
$("back").onclick = () => { future.push(structuredClone(state)); state = past.pop(); ask(); };
$("forward").onclick = () => { past.push(structuredClone(state)); state = future.pop(); ask(); };
$("reset").onclick = () => { remember(structuredClone(state)); state = structuredClone(usual); ask(); };
$("language").onchange = () => { language = $("language").value; speak(); };
addEventListener("resize", () => showSoon());

// ---- a day of it, played by the replay's own page ----------------------------------------------

const firstDay = dayShown(rules.zones[rules.portZone], rules.run.origin + rules.dayEdges[0]);
let playing = null;

$("replay-day").min = dateText(firstDay);
$("replay-day").max = dateText(firstDay + rules.dayEdges.length - 2);
$("replay-day").value = $("replay-day").min;
$("replay-play").onclick = () => {
  const day = Math.floor(Date.parse(`${$("replay-day").value}T00:00:00Z`) / 1000 / DAY) - firstDay;
  if (!(day >= 0 && day < rules.dayEdges.length - 1)) return;
  playing = { day, language };
  workers[0].worker.postMessage({ number: 0, state: structuredClone(state), day });
};

function played(data) {
  const text = dateText(firstDay + playing.day), frame = $("replay-frame");
  frame.hidden = !data.kind.length;
  $("replay-of").textContent = say(data.kind.length ? "replayOf" : "replayNobody", { day: text });
  if (frame.hidden) return;
  const { page, words } = rules.replay.pages[playing.language], [day, filled] = rules.replay.marks;
  // No word of a scenario may end the script it stands in.
  const told_ = JSON.stringify({ boards: [withLabels(data, rules.labels[playing.language])], words }).replaceAll("<", "\\u003c");
  frame.title = `${say("replay")}: ${text}`;
  frame.srcdoc = page.replaceAll(day, text).replace(filled, () => told_);
}

// A day with its places and classes by their labels.
function withLabels(data, own) {
  return { ...data,
    places: data.places.map((place) => ({ ...place, name: own.stages[place.name] })),
    classes: data.classes.map((kind) => ({ ...kind, name: own.classes[kind.name] })) };
}

function speak() {
  document.documentElement.lang = language;
  document.title = $("title").textContent = labels().name;
  $("language").value = language;
  for (const box of document.querySelectorAll("[data-say]")) box.textContent = say(box.dataset.say);
  $("about").textContent = [rules.summary, say("about", { first: rules.period[0], last: rules.period[1], zone: rules.timezone })].filter(Boolean).join(" ");
  for (const name of ["calendars", "staff", "stages", "shares"]) $(name).replaceChildren();
  controls();
  show();
}

// On a narrow screen what differs between policies comes before the pictures, on a wide one below.
const narrow = matchMedia("(max-width: 60rem)"), policiesPart = document.querySelector(".policies");
const placed = () => document.querySelector("main").insertBefore(policiesPart, document.querySelector(narrow.matches ? ".pictures" : ".replay"));
narrow.addEventListener("change", placed);

placed();
start();
speak();
ask();
