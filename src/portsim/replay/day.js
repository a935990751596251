// What is known of a day at a second; nothing is remembered from one second to the next.
"use strict";
const GONE = -1;

// How many of the ascending values are at or before t.
function upTo(values, t, low = 0, high = values.length) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= t) low = middle + 1; else high = middle;
  }
  return low;
}
const two = (n) => String(n).padStart(2, "0");
// Seconds east of UTC at second t.
const ahead = (offsets, t) => offsets[Math.max(upTo(offsets.map(([second]) => second), t) - 1, 0)][1];
const isOpen = (spans, t) => spans.some(([a, b]) => a <= t && t < b);

class Day {
  constructor(data) {
    Object.assign(this, data);
    // Arrivals and leavings in order: who is inside at a second is a difference of two searches.
    this.came = [];
    this.gone = [];
    for (let k = 0; k < this.kind.length; k += 1) {
      this.came.push(this.at[this.first[k]]);
      const end = this.first[k + 1] - 1;
      if (this.code[end] === GONE) this.gone.push(this.at[end]);
    }
    this.came.sort((a, b) => a - b);
    this.gone.sort((a, b) => a - b);
    // The stock is at its largest at midnight or when somebody comes.
    this.most = this.came.reduce((found, t) => Math.max(found, t < 0 ? 0 : this.count(t)), Math.max(this.count(0), 1));
  }

  count(t) { return upTo(this.came, t) - upTo(this.gone, t); }

  // The last event of a truck at second t; -1 for none or when it has left.
  event(k, t) {
    const i = upTo(this.at, t, this.first[k], this.first[k + 1]) - 1;
    return i < this.first[k] || this.code[i] === GONE ? -1 : i;
  }

  // Who waits and who is served at each place, first come first; and who has just changed place.
  state(t, glide) {
    const places = this.places.map(() => [[], []]), flights = [];
    let inside = 0;
    for (let k = 0; k < this.kind.length; k += 1) {
      const i = this.event(k, t);
      if (i < 0) continue;
      const code = this.code[i], place = code >> 1, since = this.at[i], first = this.first[k];
      inside += 1;
      places[place][code & 1].push([since, k]);
      if (t - since >= glide) continue;
      let j = i;
      while (j > first && this.at[j - 1] === since) j -= 1;
      if (j > first && this.code[j - 1] >> 1 !== place) flights.push([k, this.code[j - 1] >> 1, place, (t - since) / glide]);
    }
    for (const some of places.flat()) some.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return { places, flights, inside };
  }

  // How far a gate has opened at a second, 0 to 1; it takes so many seconds to move.
  opened(spans, t, seconds) {
    let most = 0;
    for (const [a, b] of spans) {
      if (t >= a && t < b) most = Math.max(most, seconds && a > 0 ? Math.min((t - a) / seconds, 1) : 1);
      else if (seconds && b < this.length && t >= b && t - b < seconds) most = Math.max(most, 1 - (t - b) / seconds);
    }
    return most;
  }

  // The clock of the port; 24 at the end of the day.
  clock(t) {
    const s = Math.floor(t) + ahead(this.offsets, t) - this.offsets[0][1];
    return `${two(t >= this.length ? 24 : Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  }

  // Hour and minute on the other side of the border, which has a clock of its own.
  theirClock(t) {
    const s = Math.floor(t) + ahead(this.other.offsets, t) - this.offsets[0][1] + 86_400;
    return `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}`;
  }
}
