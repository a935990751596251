// One truck and its day in words, on each map of the page.
"use strict";
function lasting(seconds, words) {
  const minutes = Math.round(seconds / 60);
  return fill(words.lasting, { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

// What happened to a truck on the day: pairs of a second and what is said of it.
function story(day, k, words) {
  const told = [];
  let since = null;
  for (let i = day.first[k]; i < day.first[k + 1]; i += 1) {
    const at = day.at[i], code = day.code[i], place = code === GONE ? "" : day.places[code >> 1].name;
    if (code === GONE) told.push([at, words.leaves]);
    else if (code % 2 === 0) { told.push([at, fillText(words.joins, { place })]); since = at; }
    else {
      // Of what was before this day only the last is known.
      const waited = since === null ? null : at - since;
      told.push([at, waited === null || waited < 60 ? fillText(words.begins, { place })
        : fillText(words.beginsAfter, { place, wait: lasting(waited, words) })]);
      since = null;
    }
  }
  return told;
}

class Follower {
  constructor(boards, root, words, redraw) {
    Object.assign(this, { boards, root, words, redraw });
    this.name = null;
    this.wanted = root.querySelector("#find");
    root.querySelector("#find-form").addEventListener("submit", (event) => { event.preventDefault(); this.follow(this.wanted.value.trim()); });
    root.querySelector("#next").addEventListener("click", () => this.next());
    root.querySelector("#let-go").addEventListener("click", () => this.follow(null));
    boards.forEach((board) => board.map.addEventListener("click", ({ clientX, clientY }) => {
      const k = board.near(clientX, clientY);
      if (k >= 0) this.follow(String(board.day.trucks[k]));
    }));
  }

  // Number of the followed truck on a board; -1 for none. Plates are the same in small letters.
  on(board) {
    const name = this.name?.toLowerCase();
    return board.day.trucks.findIndex((one) => String(one).toLowerCase() === name);
  }

  // Who does not know a number goes from one truck to the next.
  next() {
    const { trucks } = this.boards[0].day, at = this.found ? this.found[0] : -1;
    this.follow(String(trucks[(at + 1) % trucks.length]));
  }

  follow(name) {
    const { words, root } = this, stories = root.querySelector("#stories"), said = root.querySelector("#found");
    this.name = name === "" ? null : name;
    stories.replaceChildren();
    this.steps = [];
    this.found = this.boards.map((board) => this.on(board));
    const lost = this.name === null ? [] : this.boards.map((_, at) => "AB"[at]).filter((_, at) => this.found[at] < 0);
    const none = fillText(words.notFound, { truck: this.name });
    said.textContent = !lost.length ? "" : lost.length < this.boards.length ? `${lost[0]}: ${none}` : none;
    root.querySelector("#let-go").hidden = this.name === null;
    if (this.name !== null) this.wanted.value = this.name;
    this.boards.forEach((board, at) => {
      const { day } = board, k = this.found[at];
      if (k < 0) return;
      const title = fillText(words.truck, { truck: this.name, kind: day.classes[day.kind[k]].name });
      const list = element("ol");
      for (const [second, text] of story(day, k, words)) {
        const time = second < 0 ? words.before : day.clock(second).slice(0, 5), row = element("li", "", element("time", "", time), ` ${text}`);
        this.steps.push([at, second, row]);
        list.append(row);
      }
      stories.append(element("div", "", element("h3", "", this.boards.length > 1 ? `${"AB"[at]}  ${title}` : title), list));
    });
    this.redraw();
  }

  // Mark in the story what the truck is doing.
  mark(t) {
    if (this.name === null) return;
    this.boards.forEach((_, at) => {
      const own = this.steps.filter(([board]) => board === at), now = own.filter(([, second]) => second <= t).length - 1;
      own.forEach(([, , row], i) => { if (i === now) row.setAttribute("aria-current", "step"); else row.removeAttribute("aria-current"); });
    });
  }
}
