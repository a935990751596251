// A worker: it keeps some replications and tells figures of one of them under a state.
"use strict";

let engine = null;
const draws = new Map(), kept = new Map();
let known = { text: "", table: null };

async function replicationOf(number) {
  if (!kept.has(number)) {
    const bytes = await inflated(draws.get(number));
    kept.set(number, new Replication(engine.rules.replications[number], bytes));
    draws.delete(number);
  }
  return kept.get(number);
}

async function answer(data) {
  try {
    if (data.rules) {
      engine = await Engine.of(data.rules, data.code);
      for (const [number, text] of data.draws) draws.set(number, text);
      return;
    }
    const began = performance.now();
    const replication = underShares(await replicationOf(data.number), engine.rules, data.state.shares);
    const text = JSON.stringify(data.state);
    if (text !== known.text) known = { text, table: timetable(engine.rules, data.state) };
    if (data.day !== undefined) {
      const told = engine.run(replication, known.table, data.state);
      self.postMessage({ number: data.number, played: playedDay(engine.rules, replication, told, data.day) });
      return;
    }
    const figures = measured(engine.rules, replication, engine.run(replication, known.table, data.state));
    self.postMessage({ number: data.number, figures, took: performance.now() - began });
  } catch (error) {
    self.postMessage({ number: data.number, failed: String(error) });
  }
}

// One after the other: the engine is there before anything is asked of it.
let before = Promise.resolve();
self.onmessage = ({ data }) => { before = before.then(() => answer(data)); };
