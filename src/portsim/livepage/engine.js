// The compiled engine's own code, fed with tables. Which table has which columns is told by the
// page (rules.layout), as the engine was compiled; the log stands where the engine wrote it.
"use strict";

const NOBODY = 0xffffffff, ROOM = 4096, OPENED = 3, LAST = 9223372036854775807n, RELEASED = 1, INSIDE = 0;
const KINDS = { u1: Uint8Array, u4: Uint32Array, i8: BigInt64Array, u8: BigUint64Array };

function unpacked(bytes, columns) {
  // Columns of whole numbers from planes of bytes, the lowest first, and the words behind them.
  const found = {};
  let at = 0;
  for (const [name, length, planes] of columns) {
    const values = new Uint32Array(length);
    for (let plane = 0; plane < planes; plane += 1) {
      const shift = 8 * plane;
      for (let row = 0; row < length; row += 1) values[row] += bytes[at + row] * 2 ** shift;
      at += length;
    }
    found[name] = values;
  }
  return [found, JSON.parse(new TextDecoder().decode(bytes.subarray(at)))];
}

async function inflated(base64) {
  const packed = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class Replication {
  // The trucks of one replication, all that may come.
  constructor({ columns: places }, bytes) {
    const [columns, words] = unpacked(bytes, places);
    this.words = words;
    Object.assign(this, { pattern: columns.pattern, step: columns.step });
    this.patience = columns.patience;
    this.tolerance = columns.tolerance;
    this.tables = {};
    for (const [name, values] of Object.entries(columns))
      if (name.startsWith("table.")) this.tables[name.slice(6)] = Uint8Array.from(values);
    this.channel = columns["luck.channel"];
    this.steps = columns["luck.steps"];
    this.choices = columns["choice.visit"] ? choicesOf(columns) : null;
    const { trucks, visits, patterns } = words;
    this.arrival = new Uint32Array(trucks);
    this.first = new Uint32Array(trucks + 1);
    this.kind = new Uint32Array(visits);
    this.work = new Uint32Array(visits);
    // Work is told kind by kind.
    const count = new Uint32Array(words.kindStage.length + 1);
    for (let truck = 0, now = 0; truck < trucks; truck += 1) {
      now += columns.arrives[truck];
      this.arrival[truck] = now;
      const kinds = patterns[this.pattern[truck]];
      for (let row = 2; row < kinds.length; row += 1) {
        const visit = this.first[truck] + row - 2;
        this.kind[visit] = kinds[row];
        count[kinds[row] + 1] += 1;
      }
      this.first[truck + 1] = this.first[truck] + kinds.length - 2;
    }
    for (let kind = 1; kind < count.length; kind += 1) count[kind] += count[kind - 1];
    for (let visit = 0; visit < visits; visit += 1) {
      this.work[visit] = columns.work[count[this.kind[visit]]];
      count[this.kind[visit]] += 1;
    }
  }
}

function underShares(replication, rules, shares) {
  // The replication as trucks pass their stages under some shares; it is kept until others are asked for.
  if (!replication.channel) return replication;
  const text = shares.join();
  if (replication.laid?.text !== text) replication.laid = { text, under: laidUnder(replication, rules, shares) };
  return replication.laid.under;
}

function laidUnder(replication, rules, shares) {
  const { words, first, pattern } = replication, { mixtures, classes } = rules.shares;
  const ranks = mixtures.map((mixture) => mixture.ranks[combination(rules, mixture, shares)]);
  const laid = Object.assign(Object.create(replication), {
    pattern: new Uint32Array(words.trucks), first: new Uint32Array(words.trucks + 1), held: undefined, laid: undefined,
  });
  const columns = ["kind", "work", "patience", "tolerance"].filter((name) => replication[name]);
  for (const name of columns) laid[name] = new replication[name].constructor(words.visits);
  let at = 0, channels = 0, steps = 0;
  for (let truck = 0; truck < words.trucks; truck += 1) {
    const own = pattern[truck], reach = words.reaches[own], from = first[truck];
    const kept = reach ? [] : null;
    if (reach) {
      const cls = classes[words.patterns[own][0]], passes = passed(cls);
      let bits = 0;
      reach.legs.forEach((leg, row) => {
        const [step, sender] = cls.legs[leg];
        if (!passes[step] || (sender >= 0 && !passes[sender])) return;
        bits += 2 ** leg;
        kept.push(from + row);
      });
      laid.pattern[truck] = reach.of[bits];
    } else laid.pattern[truck] = own;
    const count = kept ? kept.length : first[truck + 1] - from;
    for (let row = 0; row < count; row += 1, at += 1)
      for (const name of columns) laid[name][at] = replication[name][kept ? kept[row] : from + row];
    if (kept) words.patterns[laid.pattern[truck]].slice(2).forEach((kind, row) => { laid.kind[at - count + row] = kind; });
    laid.first[truck + 1] = at;
  }
  return laid;

  function passed(cls) {
    // Which steps of its route chance lets the next truck of a class pass.
    let channel = 0;
    if (cls.mixture >= 0) {
      const luck = replication.channel[channels];
      channels += 1;
      for (const rank of ranks[cls.mixture]) channel += Number(rank < luck);
    }
    return cls.channels.map((bits, step) => {
      const fits = bits === null || (bits >> channel) & 1, slider = cls.sliders[step];
      if (slider < 0) return fits;
      steps += 1;
      return fits && shares[slider] >= replication.steps[steps - 1];
    });
  }
}

const FITTING = -1, NO_CHOICE = -1;

function choicesOf(columns) {
  // Of the visits that may be made in several ways: their rule, and where their ways stand.
  const visit = columns["choice.visit"].slice(), count = columns["choice.count"], row = new Map();
  const start = new Uint32Array(count.length + 1);
  visit.forEach((by, at) => {
    if (at) visit[at] = visit[at - 1] + by;
    start[at + 1] = start[at] + count[at];
    row.set(visit[at], at);
  });
  const rule = Array.from(columns["choice.rule"], (value) => value + FITTING);
  return { row, rule, start, kind: columns["way.kind"], work: columns["way.work"] };
}

class Engine {
  constructor(rules, instance) {
    this.rules = rules;
    this.wasm = instance.exports;
  }

  static async of(rules, code) {
    const { instance } = await WebAssembly.instantiate(code, {});
    return new Engine(rules, instance);
  }

  run(replication, table, state) {
    // The log of one replication under a state of the sliders.
    const { rules } = this, { words } = replication, { end } = rules.run;
    const laid = interrupted(rules, table, words);
    const rows = new Uint32Array(words.trucks);
    let trucks = 0, visits = 0;
    for (let truck = 0; truck < words.trucks; truck += 1)
      if (replication.step[truck] <= state.demand) {
        rows[trucks] = truck;
        trucks += 1;
        visits += replication.first[truck + 1] - replication.first[truck];
      }
    const plan = { trucks, visits, rows: rows.subarray(0, trucks), laid, table, replication, room: rules.openings.length ? ROOM : 0 };
    this.choose(plan);
    for (let needed = -1; needed < 0 || needed > plan.room;) {
      plan.room = Math.max(plan.room, needed);
      this.place(plan, this.sizes(plan));
      this.fill(plan);
      const door = this.views.convoys.length || plan.room ? this.wasm.run_looking : this.wasm.run;
      if (door(this.row) !== 0) throw new Error("the engine stopped");
      needed = Number(this.array("size", "u8")[OPENED]);
    }
    if (plan.room) laid.steps = this.withOpened(laid.steps, Number(this.array("size", "u8")[OPENED]));
    const ways = this.chosen(plan);
    const log = (name, count) => this.seconds(name, count);
    return { laid, table, end, log: {
      trucks,
      visits,
      rows: plan.rows,
      first: this.firsts,
      kind: this.kinds,
      work: this.works,
      ways,
      arrival: log("arrival", trucks),
      queued: log("queued", visits),
      admitted: log("admitted", visits),
      finished: log("finished", visits),
      outcome: log("outcome", trucks),
      left: log("left", trucks),
    } };
  }

  choose({ trucks, rows, replication }) {
    // The choices of the trucks that come: rows of the replication's, and their visits in the run.
    this.choices = [];
    this.choosing = [];
    if (!replication.choices) return;
    for (let truck = 0, at = 0; truck < trucks; truck += 1)
      for (let row = replication.first[rows[truck]]; row < replication.first[rows[truck] + 1]; row += 1, at += 1) {
        const choice = replication.choices.row.get(row);
        if (choice === undefined) continue;
        this.choices.push(choice);
        this.choosing.push(at);
      }
  }

  chosen({ replication }) {
    // Kinds and works as they were chosen; and of visits with FITTING ways the kinds of all of them.
    const ways = new Map(), told = this.array("list.ways", "i8"), all = replication.choices;
    this.choices.forEach((choice, row) => {
      const visit = this.choosing[row], way = Number(told[row]);
      if (all.rule[choice] === FITTING)
        ways.set(visit, [this.kinds[visit], ...all.kind.subarray(all.start[choice], all.start[choice + 1])]);
      if (way === NO_CHOICE) return;
      this.kinds[visit] = all.kind[all.start[choice] + way];
      this.works[visit] = all.work[all.start[choice] + way];
    });
    return ways;
  }

  withOpened(steps, count) {
    // Capacities with the servers that the queue opened, as the log tells of them.
    const rows = this.array("openings", "i8", 4 * count), found = steps.slice();
    for (const { resource } of this.rules.openings) {
      const changes = found[resource].map(([second, value], row) => [second, row ? value - found[resource][row - 1][1] : value]);
      for (let row = 0, was = 0; row < count; row += 1)
        if (Number(rows[4 * row + 1]) === resource) {
          changes.push([Number(rows[4 * row]), Number(rows[4 * row + 2]) - was]);
          was = Number(rows[4 * row + 2]);
        }
      found[resource] = steady(summed(changes));
    }
    return found;
  }

  sizes({ trucks, visits, laid, table, replication, room }) {
    // Items of every array, along the first axis; those that are not named have none.
    const { tables, words: { numbers } } = replication;
    const sizeOf = (name) => tables[name].length / this.item(name).size;
    const spans = (rows) => rows.reduce((sum, row) => sum + row.length / 2, 0);
    const breaks = laid.stops.reduce((sum, [, , count]) => sum + Math.min(count, trucks), 0);
    const { openings } = this.rules, stopping = this.rules.resources.some(fails) ? trucks : 0;
    const ways = this.choices.reduce((sum, row) => sum + replication.choices.start[row + 1] - replication.choices.start[row], 0);
    const lines = sizeOf("lines"), resources = sizeOf("resources"), stages = sizeOf("stages");
    const rising = sizeOf("rising"), moody = numbers.moody ? visits : 0;
    return {
      trucks, visits, lines, resources, stages, rising,
      places: lines * numbers.levels,
      kinds: sizeOf("kinds"),
      tokens: sizeOf("tokens"),
      near: tables.near.length / 4,
      works: spans(laid.works),
      doors: 2 * spans(laid.admits),
      changes: laid.steps.reduce((sum, steps) => sum + steps.length - 1, 0),
      failing: resources,
      convoys: sizeOf("convoys"),
      paces: table.paces ? table.paces.reduce((sum, steps) => sum + steps.length, 0) : 0,
      pace_start: stages + 1,
      arrival: trucks,
      patience: visits,
      tolerance: visits,
      size: 6,
      events: trucks + moody + breaks + 4,
      rules: openings.length,
      watches: openings.reduce((sum, { watch }) => sum + watch.length, 0),
      turns: table.turns.length,
      openings: room,
      stops: laid.stops.length,
      ends: table.ends.length,
      leaving: this.rules.resources.some((one) => one.overlaps) ? resources : 0,
      since: stopping, to_do: stopping, "list.ends": stopping, stand: stopping,
      "list.stops": 2 * breaks,
      "list.ways": this.choices.length,
      choice: this.choices.length ? visits : 0,
      choices: this.choices.length,
      ways,
      looked: lines + 1,
      movers: trucks + 1,
      keys: lines * Math.max(1, rising) + 4,
      held: resources,
      queued: visits,
      admitted: visits,
      finished: visits,
      outcome: trucks,
      left: trucks,
      idle: resources,
    };
  }

  item(name) {
    return this.rules.layout.find((part) => part.name === name).item;
  }

  place(plan, sizes) {
    // Find a place for every array, and write the row of arguments.
    const up = (at) => Math.ceil(at / 64) * 64;
    this.row = up(this.wasm.__heap_base.value);
    const { layout } = this.rules;
    const slots = layout.reduce((sum, part) => sum + ("axes" in part ? 5 + 2 * part.axes : 1), 1);
    let at = up(this.row + 8 * slots);
    const places = {};
    for (const part of layout) {
      if (!("axes" in part)) continue;
      const count = sizes[part.name] ?? 0, bytes = bytesOf(part);
      places[part.name] = [at, count, bytes];
      at = up(at + count * bytes * (part.axes > 1 ? part.second : 1));
    }
    const lacking = at - this.wasm.memory.buffer.byteLength;
    if (lacking > 0) this.wasm.memory.grow(Math.ceil(lacking / 65536));
    const { buffer } = this.wasm.memory;
    const row = new BigInt64Array(buffer, this.row, slots);
    const numbers = this.numbers(plan);
    let slot = 0;
    this.views = {};
    for (const part of layout) {
      if (!("axes" in part)) {
        row[slot] = BigInt(numbers[part.name] ?? 0);
        slot += 1;
        continue;
      }
      const [begin, count, bytes] = places[part.name], second = part.axes > 1 ? part.second : 1;
      const told = [0, 0, count * second, bytes, begin, count];
      if (part.axes > 1) told.push(second, bytes * second, bytes);
      else told.push(bytes);
      told.forEach((value, place) => { row[slot + place] = BigInt(value); });
      slot += told.length;
      this.views[part.name] = { begin, length: count, part, bytes };
    }
    row[slot] = 1n;
  }

  numbers({ trucks, replication }) {
    const { numbers, worth } = replication.words, { end } = this.rules.run;
    const bits = (value) => Math.max(1, value.toString(2).length);
    const found = {
      end,
      truck_bits: bits(trucks),
      time_bits: bits(end),
      levels: numbers.levels,
      trucks_only: trucks,
      moody: numbers.moody,
      ranked: numbers.ranked,
    };
    if (found.truck_bits + found.time_bits + bits(worth) > 63) throw new Error("too many trucks");
    return found;
  }

  array(name, kind, count = this.views[name].length) {
    return new (KINDS[kind])(this.wasm.memory.buffer, this.views[name].begin, count);
  }

  column(name, field) {
    // A column of a table as a function that writes it.
    const { begin, part } = this.views[name];
    const [, kind, offset] = part.item.fields.find((words) => words[0] === field);
    const wide = kind.endsWith("8"), step = part.item.size / (wide ? 8 : 4);
    const all = wide ? BigInt64Array : Uint32Array;
    const view = new all(this.wasm.memory.buffer, begin + offset, Math.max(0, this.views[name].length * step - offset / (wide ? 8 : 4)));
    return wide ? (row, value) => { view[row * step] = BigInt(value); } : (row, value) => { view[row * step] = value; };
  }

  seconds(name, count) {
    // Whole numbers of 8 bytes, -1 for what has not happened, as smaller ones.
    const { begin } = this.views[name];
    const halves = new Int32Array(this.wasm.memory.buffer, begin, 2 * count);
    const found = new Int32Array(count);
    for (let row = 0; row < count; row += 1) found[row] = halves[2 * row];
    return found;
  }

  fill({ trucks, visits, rows, laid, table, replication }) {
    const memory = new Uint8Array(this.wasm.memory.buffer);
    for (const { begin, length, bytes, part } of Object.values(this.views))
      memory.fill(0, begin, begin + length * bytes * (part.axes > 1 ? part.second : 1));
    for (const [name, bytes] of Object.entries(replication.tables)) memory.set(bytes, this.views[name].begin);
    for (const name of ["events", "keys"]) this.array(name, "i8").fill(LAST);
    for (const name of ["queued", "admitted", "finished", "left", "patience", "tolerance", "since", "list.ends", "list.ways"])
      this.array(name, "i8").fill(-1n);
    this.array("places", "u4").fill(0);
    new Uint32Array(this.wasm.memory.buffer, this.views.places.begin, this.views.places.length * 2).fill(NOBODY);
    this.fillTrucks(trucks, visits, rows, replication);
    this.fillHours(laid);
    this.fillSteps(laid);
    if (table.paces) this.fillPaces(table.paces);
    this.fillOpenings(table.turns);
    this.rowsOf("stops", ["time", "resource", "count", "anew"], laid.stops);
    this.rowsOf("ends", ["time", "resource", "count"], table.ends);
    this.array("failing", "u1").set(this.rules.resources.map((one) => Number(fails(one))));
    if (this.choices.length) this.fillChoices(replication.choices);
  }

  rowsOf(name, fields, rows) {
    fields.forEach((field, place) => {
      const write = this.column(name, field);
      rows.forEach((row, number) => write(number, row[place]));
    });
  }

  fillOpenings(turns) {
    // No server has been opened or decided when a run begins.
    const { openings } = this.rules, watches = openings.flatMap(({ watch }) => watch);
    let at = 0;
    this.rowsOf("rules", ["after", "extra", "due", "most", "until", "resource", "watch", "watch_end"],
      openings.map(({ after, most, until, resource, watch }) => [after, 0, -1, most, until, resource, at, at += watch.length]));
    this.rowsOf("watches", ["stage", "count"], watches);
    this.rowsOf("turns", ["time", "begins", "rule"], turns);
  }

  fillChoices(all) {
    const choice = new Uint32Array(this.wasm.memory.buffer, this.views.choice.begin, this.views.choice.length).fill(NOBODY);
    const heads = [], ways = [];
    this.choices.forEach((row, place) => {
      choice[this.choosing[place]] = place;
      const begin = ways.length;
      for (let way = all.start[row]; way < all.start[row + 1]; way += 1) ways.push([all.kind[way], all.work[way]]);
      heads.push([all.rule[row], begin, ways.length]);
    });
    this.rowsOf("choices", ["rule", "first", "beyond"], heads);
    this.rowsOf("ways", ["kind", "work"], ways);
  }

  fillTrucks(trucks, visits, rows, replication) {
    const { patterns } = replication.words, { buffer } = this.wasm.memory;
    const arrival = new Uint32Array(buffer, this.views.arrival.begin, 2 * trucks);
    const visit = this.column("trucks", "visit"), beyond = this.column("trucks", "beyond");
    const level = this.column("trucks", "level");
    const pairs = new Uint32Array(buffer, this.views.visits.begin, 2 * visits);
    const moody = replication.patience !== undefined;
    const patience = this.array("patience", "i8"), tolerance = this.array("tolerance", "i8");
    this.firsts = new Uint32Array(trucks + 1);
    this.kinds = new Uint32Array(visits);
    this.works = new Uint32Array(visits);
    let at = 0;
    for (let truck = 0; truck < trucks; truck += 1) {
      const from = rows[truck], until = replication.first[from + 1];
      arrival[2 * truck] = replication.arrival[from];
      visit(truck, at);
      this.firsts[truck] = at;
      level(truck, patterns[replication.pattern[from]][1]);
      for (let row = replication.first[from]; row < until; row += 1) {
        pairs[2 * at] = this.kinds[at] = replication.kind[row];
        pairs[2 * at + 1] = this.works[at] = replication.work[row];
        if (moody) {
          patience[at] = BigInt(replication.patience[row]) - 1n;
          tolerance[at] = BigInt(replication.tolerance[row]) - 1n;
        }
        at += 1;
      }
      beyond(truck, at);
    }
    this.firsts[trucks] = at;
  }

  fillHours({ admits, works }) {
    const doors = [];
    admits.forEach((spans, stage) => spans.forEach((second, row) => doors.push([second, stage, 1 - (row % 2)])));
    doors.sort((a, b) => a[0] - b[0]);
    const [time, stage, opens] = ["time", "stage", "admits"].map((field) => this.column("doors", field));
    doors.forEach((door, row) => { time(row, door[0]); stage(row, door[1]); opens(row, door[2]); });
    const [start, end, done] = ["start", "end", "done"].map((field) => this.column("works", field));
    const first = this.column("stages", "work"), beyond = this.column("stages", "work_end");
    let row = 0;
    works.forEach((spans, number) => {
      first(number, row);
      for (let i = 0, sum = 0; i < spans.length; i += 2) {
        sum += spans[i + 1] - spans[i];
        start(row, spans[i]);
        end(row, spans[i + 1]);
        done(row, sum);
        row += 1;
      }
      beyond(number, row);
    });
  }

  fillSteps({ steps }) {
    const changes = [], { resources } = this.rules;
    const free = this.column("resources", "free"), capacity = this.column("resources", "capacity");
    steps.forEach((rows, resource) => {
      free(resource, rows[0][1]);
      capacity(resource, rows[0][1]);
      for (const [second, value] of rows.slice(1)) changes.push([second, Number(resources[resource].kind !== 0), resource, value]);
    });
    changes.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const [time, resource, value] = ["time", "resource", "value"].map((field) => this.column("changes", field));
    changes.forEach((change, row) => { time(row, change[0]); resource(row, change[2]); value(row, change[3]); });
  }

  fillPaces(paces) {
    const start = this.array("pace_start", "i8"), paced = this.column("stages", "paced");
    const since = this.column("paces", "since"), milli = this.column("paces", "milli");
    let row = 0;
    paces.forEach((steps, stage) => {
      paced(stage, 1);
      start[stage] = BigInt(row);
      for (const step of steps) { since(row, step[0]); milli(row, step[1]); row += 1; }
    });
    start[paces.length] = BigInt(row);
  }
}

const fails = ({ breaks }) => breaks.some(({ work }) => work !== "finished");

function bytesOf(part) {
  return typeof part.item === "string" ? Number(part.item.slice(-1)) : part.item.size;
}
