// What portsim.measures says of hours and servers in one run: when a wait was while its stage was
// open and staffed, and what trucks asked of each resource, over what could be done.
"use strict";

class Hours {
  // Intervals of which one can ask how much of a stretch of time they cover.
  constructor(spans) {
    this.spans = spans;
    this.sums = [0];
    for (let i = 0; i < spans.length; i += 2) this.sums.push(this.sums[i / 2] + spans[i + 1] - spans[i]);
  }

  until(second) {
    // Seconds covered before a second.
    const { spans, sums } = this;
    let low = 0, high = spans.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[2 * middle] < second) low = middle + 1;
      else high = middle;
    }
    if (!low) return 0;
    return sums[low] - Math.max(0, spans[2 * low - 1] - second);
  }

  within(begin, end) {
    return this.until(end) - this.until(begin);
  }
}

const union = (parts) => merged(parts.flatMap((spans) => {
  const rows = [];
  for (let i = 0; i < spans.length; i += 2) rows.push([spans[i], spans[i + 1]]);
  return rows;
}));

function openByKind({ laid, end, log }, { kindStage, kindServers }) {
  // A function that gives the hours in which a visit's stage admits and the servers that it takes are
  // on duty, those of any way that would have done: what of its waiting lies in them is `wait_open`.
  const known = new Map(), byKind = [];
  const hoursOf = (kinds) => {
    const stage = kindStage[kinds[0]], ways = kinds.map((kind) => kindServers[kind]);
    const key = JSON.stringify([stage, ways]);
    if (!known.has(key))
      known.set(key, new Hours(union(ways.map((servers) => servers.reduce(
        (open, [resource, count]) => intersect(open, enough(laid.steps[resource], count, end)), laid.admits[stage])))));
    return known.get(key);
  };
  return (visit) => {
    if (log.ways.has(visit)) return hoursOf(log.ways.get(visit));
    const kind = log.kind[visit];
    return (byKind[kind] ??= hoursOf([kind]));
  };
}

function given(rules, laid) {
  // What each resource can do in the period: server-seconds while some stage that uses the servers
  // is open and staffed; of budgets what is set while such a stage is open before it is set anew.
  const { start, end } = rules.run, open = rules.resources.map(() => []);
  for (const { stage, needs, uses } of rules.duties) {
    const spans = needs.reduce((left, [resource, count]) =>
      intersect(left, enough(laid.steps[resource], count, end)), union([laid.admits[stage], laid.works[stage]]));
    for (const resource of uses) open[resource].push(spans);
  }
  return rules.resources.map(({ kind }, number) => {
    const hours = new Hours(union(open[number])), steps = laid.steps[number];
    const next = (row) => (row + 1 < steps.length ? steps[row + 1][0] : end);
    if (kind === 2) return 0;
    return steps.reduce((sum, [second, value], row) => {
      const begin = Math.max(second, start), until = next(row);
      if (until <= start) return sum;
      const seconds = hours.within(begin, until);
      return sum + value * (kind ? Number(seconds > 0) : seconds);
    }, 0);
  });
}

function heldIn(rules, kinds, kindTokens) {
  // Of each visit of a truck what it holds of servers during the work, and spends of quotas there:
  // resource, count, whether it is a quota, one after the other.
  const held = new Map();
  return kinds.map((kind) => {
    const found = [];
    for (const [resource, taken] of kindTokens[kind])
      if (rules.resources[resource].kind) found.push(resource, Math.max(0, taken), 1);
      else held.set(resource, (held.get(resource) ?? 0) + taken);
    for (const [resource, count] of held) if (count) found.push(resource, count, 0);
    for (const [resource, , back] of kindTokens[kind]) if (held.has(resource)) held.set(resource, held.get(resource) - back);
    return found;
  });
}

function asked(rules, replication, { log, table }) {
  // What the trucks that come in the period ask of each resource: server-seconds, or tokens.
  const { start, end } = rules.run, { kindStage, kindTokens, patterns } = replication.words;
  const found = new Float64Array(rules.resources.length);
  replication.held ??= patterns.map((pattern) => heldIn(rules, pattern.slice(2), kindTokens));
  for (let truck = 0; truck < log.trucks; truck += 1) {
    const came = log.arrival[truck];
    if (came < start || came >= end) continue;
    const first = log.first[truck];
    // Where ways are chosen, a truck's visits may be others than those of its pattern.
    const held = replication.choices
      ? heldIn(rules, Array.from(log.kind.subarray(first, log.first[truck + 1])), kindTokens)
      : replication.held[replication.pattern[log.rows[truck]]];
    for (let row = 0; row < held.length; row += 1) {
      const visit = first + row, tokens = held[row];
      const begun = log.admitted[visit] < 0 ? came : log.admitted[visit];
      const work = table.paces ? lasting(table.paces, kindStage[log.kind[visit]], begun, log.work[visit]) : log.work[visit];
      for (let at = 0; at < tokens.length; at += 3) found[tokens[at]] += tokens[at + 2] ? tokens[at + 1] : tokens[at + 1] * work;
    }
  }
  return found;
}

function lasting(paces, stage, begun, work) {
  const steps = paces[stage];
  let low = 0, high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle][0] <= begun) low = middle + 1;
    else high = middle;
  }
  return Math.floor((work * steps[Math.max(0, low - 1)][1] + 500) / 1000);
}

function loads(rules, replication, told) {
  const work = asked(rules, replication, told), had = given(rules, told.laid);
  return Array.from(work, (sum, number) => (had[number] ? sum / had[number] : null));
}
