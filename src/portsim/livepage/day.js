// A day of one run as the replay's page wants it: what portsim.replay.day tells of a log.
"use strict";

const OUT = -1, QUARTER_HOUR = 900;

function openByStage(rules, { laid, end, log }, words) {
  // When each stage admits and the servers of some of its visits are on duty.
  const kinds = rules.stages.map(() => new Set());
  for (let visit = 0; visit < log.visits; visit += 1)
    for (const kind of log.ways.get(visit) ?? [log.kind[visit]]) kinds[words.kindStage[kind]].add(kind);
  return kinds.map((some, stage) => {
    if (!some.size) return laid.admits[stage];
    const ways = new Set([...some].map((kind) => JSON.stringify(words.kindServers[kind])));
    return union([...ways].map((servers) => JSON.parse(servers).reduce(
      (open, [resource, count]) => intersect(open, enough(laid.steps[resource], count, end)), laid.admits[stage])));
  });
}

function pairsWithin(spans, begin, length) {
  const found = [];
  for (let i = 0; i < spans.length; i += 2) {
    const from = Math.max(0, spans[i] - begin), until = Math.min(length, spans[i + 1] - begin);
    if (until > from) found.push([from, until]);
  }
  return found;
}

function playedDay(rules, replication, told, day) {
  const { log, table } = told, { kindStage, patterns } = replication.words;
  const begin = rules.dayEdges[day], length = rules.dayEdges[day + 1] - begin;
  const placeOf = new Map(rules.replay.places.map(({ stage }, place) => [stage, place]));
  const trucks = [];
  for (let truck = 0; truck < log.trucks; truck += 1) {
    const gone = log.outcome[truck] !== INSIDE;
    if (log.arrival[truck] >= begin + length || (gone && log.left[truck] <= begin)) continue;
    const events = [];
    for (let visit = log.first[truck]; visit < log.first[truck + 1]; visit += 1) {
      const place = placeOf.get(kindStage[log.kind[visit]]);
      if (log.queued[visit] >= 0) events.push([log.queued[visit] - begin, 2 * place]);
      if (log.admitted[visit] >= 0) events.push([log.admitted[visit] - begin, 2 * place + 1]);
    }
    if (gone) events.push([log.left[truck] - begin, OUT]);
    // Of what happened before midnight only the last matters.
    const here = events.filter(([at]) => at < length), before = here.filter(([at]) => at <= 0);
    if (here.length) trucks.push([patterns[replication.pattern[log.rows[truck]]][0], [...before.slice(-1), ...here.filter(([at]) => at > 0)], truck]);
  }
  const classes = [...new Set(trucks.map(([cls]) => cls))].sort((a, b) => a - b);
  const open = openByStage(rules, told, replication.words), from = rules.run.origin + begin;
  const offsets = offsetsOf(rules.zones[rules.portZone], from, length);
  const [side, zone] = rules.replay.other ?? [], theirs = zone && offsetsOf(rules.zones[zone], from, length);
  const first = [0];
  trucks.forEach(([, events]) => first.push(first[first.length - 1] + events.length));
  return {
    length,
    offsets,
    other: theirs && JSON.stringify(theirs) !== JSON.stringify(offsets) ? { side, offsets: theirs } : null,
    places: rules.replay.places.map(({ stage, ...place }) => ({ ...place, open: pairsWithin(open[stage], begin, length) })),
    port: rules.replay.portHours ? pairsWithin(table.open, begin, length) : null,
    classes: classes.map((cls) => rules.replay.classes[cls]),
    map: rules.replay.map,
    trucks: trucks.map(([, , truck]) => truck),
    kind: trucks.map(([cls]) => classes.indexOf(cls)),
    first,
    at: trucks.flatMap(([, events]) => events.map(([at]) => at)),
    code: trucks.flatMap(([, events]) => events.map(([, code]) => code)),
  };
}

function offsetsOf(zone, from, length) {
  const offsets = [];
  for (let second = 0; second < length; second += QUARTER_HOUR) {
    const ahead = aheadAt(zone, from + second);
    if (!offsets.length || offsets[offsets.length - 1][1] !== ahead) offsets.push([second, ahead]);
  }
  return offsets;
}

function aheadAt(zone, second) {
  let row = 0;
  while (row + 1 < zone.length && zone[row + 1][0] <= second) row += 1;
  return zone[row][1];
}
