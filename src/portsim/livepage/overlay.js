// The policy that stands on the page as an overlay: run by portsim, it gives the same figures.
"use strict";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const quoted = (text) => JSON.stringify(String(text));

function clockText(second) {
  const of = second > DAY ? second - DAY : second;
  const two = (number) => String(number).padStart(2, "0");
  const rest = of % 60 ? `:${two(of % 60)}` : "";
  return `${two(Math.floor(of / 3600))}:${two(Math.floor((of % 3600) / 60))}${rest}`;
}

const spansText = (spans) => spans.map(([a, b]) => `${clockText(a)}-${clockText(b)}`).join(", ");
const dateText = (day) => new Date(day * DAY * 1000).toISOString().slice(0, 10);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function hoursLines(hours, indent) {
  return hours.map((spans, day) =>
    `${indent}${WEEKDAYS[day]}: ${spans.length ? quoted(spansText(spans)) : "closed"}`);
}

function overlay(rules, state, words) {
  // Lines of YAML; only what has been moved is said.
  const usual = asItIs(rules), lines = [];
  const noted = (indent) => `${indent}source: ${quoted(words.source)}`;
  lines.push(`extends: ${quoted(rules.file)}`, `summary: ${quoted(words.summary)}`);
  lines.push(`period: {from: ${quoted(rules.period[0])}, to: ${quoted(rules.period[1])}, warm_up: ${rules.warmUpDays} d}`);
  const calendars = Object.entries(rules.calendars).flatMap(([name, own]) =>
    calendarLines(name, own, state.calendars[name], usual.calendars[name], noted));
  if (calendars.length) lines.push("calendars:", ...calendars);
  const staff = rules.resources.flatMap((resource, row) => {
    const counts = state.staff[row];
    if (resource.kind || same(counts, usual.staff[row])) return [];
    const head = `  ${quoted(resource.name)}:`;
    if (!resource.roster) return [head, `    capacity: {value: ${counts[0]}, source: ${quoted(words.source)}}`];
    return [head, "    roster:", ...resource.shifts.map(([calendar], shift) =>
      `      - {calendar: ${quoted(calendar)}, count: ${counts[shift]}}`)];
  });
  if (staff.length) lines.push("resources:", ...staff);
  const stages = rules.stages.flatMap((stage, row) => {
    if (state.pace[row] === 100) return [];
    const factor = (hour) => Math.round((stage.milli[hour] * state.pace[row]) / 100) / 1000;
    const hours = Array.from({ length: 24 }, (_, hour) =>
      `        ${quoted(`${clockText(hour * 3600)}-${clockText((hour + 1) * 3600)}`)}: ${factor(hour)}`);
    return [`  ${quoted(stage.name)}:`, "    time_by_hour:", noted("      "), "      value:", ...hours];
  });
  const shares = sharesMoved(rules, state, words);
  shares.stages.forEach(([stage, line]) => {
    const head = `  ${quoted(stage)}:`, row = stages.indexOf(head);
    if (row < 0) stages.push(head, line);
    else stages.splice(row + 1, 0, line);
  });
  if (stages.length) lines.push("stages:", ...stages);
  if (shares.channels.length) lines.push("channels:", ...shares.channels);
  const traffic = [...shares.traffic];
  if (state.demand !== usual.demand)
    traffic.unshift(`  scale: {value: ${rules.demandScales[state.demand]}, source: ${quoted(words.source)}}`);
  if (traffic.length) lines.push("traffic:", ...traffic);
  return `${lines.join("\n")}\n`;
}

function sharesMoved(rules, state, words) {
  // Lines for sets of channels, for stages by name, and for classes.
  const { sliders, mixtures } = rules.shares, source = `source: ${quoted(words.source)}`;
  const channels = [], stages = [], classes = new Map();
  const moved = (slider) => state.shares[slider] !== sliders[slider].usual;
  const ofClass = (name) => classes.get(name) ?? classes.set(name, { channels: [], route: [] }).get(name);
  for (const mixture of mixtures) {
    if (!mixture.sliders.some(moved)) continue;
    const all = Object.entries(sharesOf(rules, mixture, state.shares)).map(([name, share]) => `${quoted(name)}: ${share}`).join(", ");
    const [kind, name] = sliders[mixture.sliders[0]].where;
    if (kind === "channels") channels.push(`  ${quoted(name)}: {value: {${all}}, ${source}}`);
    else ofClass(name).channels.push(`    channels: {value: {${all}}, ${source}}`);
  }
  sliders.forEach(({ where, values }, slider) => {
    if (!moved(slider) || (where[0] !== "stages" && where.length < 5)) return;
    const line = `{value: ${values[state.shares[slider]]}, ${source}}`;
    if (where[0] === "stages") stages.push([where[1], `    share: ${line}`]);
    else ofClass(where[1]).route.push(`      ${quoted(where[3])}: {share: ${line}}`);
  });
  const traffic = [...classes.entries()].flatMap(([name, own]) =>
    [`  ${quoted(name)}:`, ...own.channels, ...(own.route.length ? ["    route:", ...own.route] : [])]);
  return { channels, stages, traffic };
}

function calendarLines(name, own, moved, usual, noted) {
  if (same(moved, usual)) return [];
  const lines = [`  ${quoted(name)}:`];
  if (!same(moved.rules[0].hours, usual.rules[0].hours))
    lines.push("    hours:", noted("      "), "      value:", ...hoursLines(moved.rules[0].hours, "        "));
  if (!same(moved.rules[0].lunch, usual.rules[0].lunch))
    lines.push(`    lunch: ${lunchText(moved.rules[0].lunch)}`);
  if (!same(moved.rules.slice(1), usual.rules.slice(1))) {
    lines.push("    periods:");
    moved.rules.slice(1).forEach((rule, number) => {
      const { from, to } = own.rules[number + 1];
      const parts = [];
      if (from > -1e6) parts.push(`valid_from: ${dateText(from)}`);
      if (to < 1e6) parts.push(`valid_to: ${dateText(to)}`);
      parts.push(`lunch: ${lunchText(rule.lunch)}`);
      lines.push(`      - ${parts[0]}`, ...parts.slice(1).map((part) => `        ${part}`));
      lines.push("        hours:", ...hoursLines(rule.hours, "          "));
    });
  }
  if (!same(moved.closed, usual.closed)) {
    const days = moved.closed.map(([a, b]) => (a === b ? dateText(a) : `${dateText(a)}..${dateText(b)}`));
    lines.push("    closed:", noted("      "), `      value: [${days.join(", ")}]`);
  }
  return lines;
}

const lunchText = (spans) => (spans.length ? quoted(spansText(spans)) : "closed");
