// Figures and curves of one run, from its log alone: the very ones that portsim.measures gives.
"use strict";

const HOUR = 3600;
const FEW = 0.001;

function measured(rules, replication, told) {
  const { log } = told;
  const { start, end } = rules.run, { promise, classes } = rules;
  const { patterns, kindStage } = replication.words;
  const hours = Math.ceil((end - start) / HOUR);
  const pieces = new Int32Array(log.trucks);
  const price = new Float64Array(log.trucks);
  for (let truck = 0; truck < log.trucks; truck += 1) {
    const cls = classes[patterns[replication.pattern[log.rows[truck]]][0]];
    pieces[truck] = cls.pieces;
    price[truck] = cls.hour ?? 0;
  }
  const queue = new Spread(start, end), inside = new Spread(start, end);
  const waits = new Float64Array(rules.stages.length), open = new Float64Array(rules.stages.length);
  const hoursOf = openByKind(told, replication.words), daily = new Float64Array(rules.dayWhole.length);
  let money = 0, judged = 0, kept = 0, released = 0, arrived = 0, stays = 0, stayed = 0, cut = 0;
  const last = end - promise.limit;
  for (let truck = 0; truck < log.trucks; truck += 1) {
    const weight = pieces[truck], outcome = log.outcome[truck], left = log.left[truck];
    const out = outcome === INSIDE ? end : left, came = log.arrival[truck];
    inside.add(came, out, weight);
    money += weight * price[truck] * Math.max(0, Math.min(out, end) - Math.max(came, start));
    if (came >= start && came < end) arrived += weight;
    if (outcome === RELEASED && left >= start) {
      released += weight;
      daily[dayOf(rules.dayEdges, left)] += weight;
    }
    let clock = promise.stage < 0 ? came : -1;
    const counts = came >= start && came < last && (outcome === RELEASED || outcome === INSIDE);
    for (let visit = log.first[truck]; visit < log.first[truck + 1]; visit += 1) {
      const queued = log.queued[visit], admitted = log.admitted[visit];
      if (queued < 0) continue;
      const stage = kindStage[log.kind[visit]];
      if (clock < 0 && stage === promise.stage)
        clock = promise.admitted && admitted >= 0 ? admitted : queued;
      const until = admitted < 0 ? out : admitted;
      if (until > queued) {
        queue.add(queued, until, weight);
        if (counts) {
          waits[stage] += weight * (until - queued);
          open[stage] += weight * hoursOf(visit).within(queued, until);
        }
      }
    }
    if (clock >= start && clock < last) {
      judged += weight;
      if (outcome === RELEASED && left - clock <= promise.limit) kept += weight;
    }
    if (counts) {
      stays += weight;
      stayed += weight * (out - came);
      if (outcome === INSIDE) cut += weight;
    }
  }
  const queueMeans = queue.means(), insideMeans = inside.means();
  return {
    kept: judged ? kept / judged : NaN,
    throughput: released / rules.days,
    arrived: arrived / rules.days,
    stay: stays ? stayed / stays / HOUR : NaN,
    // Whether so many of these stays go on beyond the end that the mean is a lower bound.
    atLeast: cut > FEW * stays,
    // What the time of trucks at the port costs, in 24 hours of it.
    time: 24 * money / (end - start),
    queueMean: queue.total() / (end - start),
    queueMost: queueMeans.reduce((most, value) => Math.max(most, value), 0),
    insideEnd: inside.atEnd,
    insideMost: insideMeans.reduce((most, value) => Math.max(most, value), 0),
    insideStart: inside.atStart,
    // Of each stage, hours a truck of the port while it was open and staffed, and while it was not.
    waits: Array.from(waits, (sum, stage) => [open[stage], sum - open[stage]].map((part) => (stays ? part / stays / HOUR : NaN))),
    loads: loads(rules, replication, told),
    daily: daily.map((count, day) => (rules.dayWhole[day] ? count : NaN)),
    queue: queueMeans,
    inside: insideMeans,
    week: weekly(rules.hourOfWeek, queueMeans.subarray(0, hours)),
  };
}

function dayOf(edges, second) {
  let day = Math.min(edges.length - 2, Math.floor((second - edges[0]) / 86400));
  while (second < edges[day]) day -= 1;
  while (day + 2 < edges.length && second >= edges[day + 1]) day += 1;
  return day;
}

function weekly(hourOfWeek, values) {
  const sum = new Float64Array(168), count = new Float64Array(168);
  hourOfWeek.forEach((hour, row) => { sum[hour] += values[row]; count[hour] += 1; });
  return sum.map((value, hour) => value / count[hour]);
}

class Spread {
  // Seconds of presence, hour by hour of the period.
  constructor(start, end) {
    Object.assign(this, { start, end, atStart: 0, atEnd: 0 });
    this.hours = Math.ceil((end - start) / HOUR);
    this.parts = new Float64Array(this.hours);
    this.steps = new Float64Array(this.hours + 1);
  }

  add(begin, until, weight) {
    if (begin < this.start && until > this.start) this.atStart += weight;
    if (until === this.end && begin < this.end) this.atEnd += weight;
    const a = Math.max(begin, this.start) - this.start, b = Math.min(until, this.end) - this.start;
    if (b <= a) return;
    const first = Math.floor(a / HOUR), last = Math.floor(b / HOUR);
    // From `a` on in its hour and in all after it; from `b` on no more.
    this.parts[first] -= weight * (a - first * HOUR);
    this.steps[first] += weight;
    if (last < this.hours) {
      this.parts[last] += weight * (b - last * HOUR);
      this.steps[last] -= weight;
    }
  }

  seconds() {
    if (this.found) return this.found;
    const found = new Float64Array(this.hours);
    for (let hour = 0, there = 0; hour < this.hours; hour += 1) {
      there += this.steps[hour];
      const length = Math.min(HOUR, this.end - this.start - hour * HOUR);
      found[hour] = there * length + this.parts[hour];
    }
    this.found = found;
    return found;
  }

  total() {
    return this.seconds().reduce((sum, value) => sum + value, 0);
  }

  means() {
    return this.seconds().map((value, hour) =>
      value / Math.min(HOUR, this.end - this.start - hour * HOUR));
  }
}
