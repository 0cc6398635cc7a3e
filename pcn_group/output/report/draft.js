// A draft: the plan of the page with practices put elsewhere, step by step, and notes on it. A step
// gives practices, by position, their networks; the empty text stands for none. A network may have
// the code of a practice, so locks and notes are kept apart by what they are on.
const NOWHERE = "";

// Where the browser keeps drafts; some keep nothing.
function keptHere() {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}

const draftKey = (digest) => `pcn-group what-if 1 ${digest}`;

class Draft {
  // `storage` keeps the draft in the browser, under the digest of the plan: a page opened again
  // goes on where it was left.
  constructor(facts, storage) {
    const [columns, ...rows] = parsedCsv(facts.groupings.csv);
    Object.assign(this, { facts, storage, columns, rows, codes: facts.problem.codes });
    this.plan = this.codes.map(() => NOWHERE);
    for (const { id, members } of facts.networks) for (const i of members) this.plan[i] = id;
    Object.assign(this, {
      steps: [],
      done: 0,
      locked: { practices: [], networks: [] },
      notes: { practices: {}, networks: {} },
    }, this.kept());
  }

  kept() {
    try {
      return JSON.parse(this.storage.getItem(draftKey(this.facts.digest))) ?? {};
    } catch {
      return {};
    }
  }

  keep() {
    const { steps, done, locked, notes } = this;
    try {
      const text = JSON.stringify({ steps, done, locked, notes });
      this.storage.setItem(draftKey(this.facts.digest), text);
    } catch {
      // A browser that keeps nothing still shows the draft.
    }
  }

  // The network of each practice after some steps: by default, all that are done.
  networksAfter(count = this.done) {
    const found = [...this.plan];
    for (const step of this.steps.slice(0, count))
      for (const [i, id] of step) found[i] = id;
    return found;
  }

  get networks() {
    return grouped(this.networksAfter());
  }

  // A code for a network that is new.
  get newId() {
    const taken = new Set(this.steps.flat().map(([, id]) => id).concat(this.plan));
    let number = 1;
    while (taken.has(`NEW${number}`)) number += 1;
    return `NEW${number}`;
  }

  nameOf(id) {
    const network = this.facts.networks.find((each) => each.id === id);
    return network?.name ?? (/^NEW\d+$/.test(id) ? `New network ${id.slice(3)}` : id);
  }

  // Whether a practice stays where it is: it or its network is locked.
  isHeld(i, id) {
    return this.locked.practices.includes(this.codes[i]) || this.locked.networks.includes(id);
  }

  // Put practices into a network; gives how many went, and how many a lock keeps where they are.
  move(members, id) {
    const before = this.networksAfter();
    const asked = members.filter((i) => before[i] !== id);
    const isShut = this.locked.networks.includes(id);
    const going = asked.filter((i) => !isShut && !this.isHeld(i, before[i]));
    this.add(going.map((i) => [i, id]));
    return { moved: going.length, held: asked.length - going.length };
  }

  // All as in the plan: a step as any other, which can be undone.
  reset() {
    const before = this.networksAfter();
    this.add(this.plan.map((id, i) => [i, id]).filter(([i, id]) => before[i] !== id));
  }

  add(step) {
    if (!step.length) return;
    this.steps = [...this.steps.slice(0, this.done), step];
    this.done += 1;
    this.keep();
  }

  // Go back a step, or with 1 forward again.
  go(by) {
    this.done = Math.min(Math.max(this.done + by, 0), this.steps.length);
    this.keep();
  }

  // Lock one of the practices or networks, by code, or let it go.
  lock(kind, code, isLocked) {
    const others = this.locked[kind].filter((each) => each !== code);
    this.locked = { ...this.locked, [kind]: others.concat(isLocked ? [code] : []) };
    this.keep();
  }

  note(kind, code, text) {
    const { [code]: _, ...others } = this.notes[kind];
    if (text.trim()) others[code] = text.trim();
    this.notes = { ...this.notes, [kind]: others };
    this.keep();
  }

  // What each step did: the practices that went from one network to another.
  get told() {
    return this.steps.slice(0, this.done).map((step, k) => {
      const before = this.networksAfter(k);
      return step.map(([i, id]) => ({ practice: i, from: before[i], to: id }));
    });
  }

  // `groupings.csv`, as solve would write it: by network, the hub first, then by code.
  csv(judge, report) {
    const own = new Map(report.networks.flatMap(
      (network) => network.members.map((i) => [i, network])));
    const rows = this.rows.map((row, k) => {
      const unit = this.facts.groupings.units[k];
      const [network, code] = [own.get(unit), this.at(row, "practice_code")];
      const isHub = network?.centre === unit && code === this.codes[unit];
      const settled = {
        network_id: network?.id ?? "",
        network_name: network ? this.nameInTable(network.id) : "",
        is_hub: String(isHub),
        [`${judge.unit}_to_hub`]: network
          ? rounded(judge.travelTo(network.centre, unit) / judge.steps, 3) : "",
      };
      return {
        order: [network ? "0" : "1", settled.network_id, isHub ? "0" : "1", code],
        cells: this.columns.map((name, place) => settled[name] ?? row[place]),
      };
    });
    rows.sort(({ order: a }, { order: b }) => {
      const k = a.findIndex((text, place) => text !== b[place]);
      return k < 0 ? 0 : a[k] < b[k] ? -1 : 1;
    });
    return [this.columns, ...rows.map(({ cells }) => cells)].map(csvLine).join("");
  }

  at(row, column) {
    return row[this.columns.indexOf(column)];
  }

  // The name of a network as the table writes it, where it may be marked as no formula.
  nameInTable(id) {
    const row = this.rows.find((each) => this.at(each, "network_id") === id);
    return row ? this.at(row, "network_name") : this.nameOf(id);
  }

  // What was done and why, which `take` reads again.
  record(report, now) {
    const names = new Map(this.rows.map(
      (row) => [this.at(row, "practice_code"), this.at(row, "practice_name")]));
    const moved = ({ practice, from, to }) => {
      const code = this.codes[practice];
      return { practice: code, name: names.get(code), from, to };
    };
    return `${JSON.stringify({
      what_if: 1,
      plan: this.facts.digest,
      exported: now,
      keeps_rules: report.holds,
      cost_integer: report.cost === null ? null : String(report.cost),
      broken: report.findings.filter((it) => it.isBroken).map(
        ({ rule, where, message }) => `${rule}: ${where} ${message}`),
      steps: this.told.map((step) => step.map(moved)),
      networks: Object.fromEntries(this.networksAfter().map((id, i) => [this.codes[i], id])),
      locked: this.locked,
      notes: this.notes,
    }, null, 2)}\n`;
  }

  // Take over a draft from the text of a record, or of a table with practices and networks, as one
  // step; gives how many practices it names that are not here. Throws where it is neither.
  take(text) {
    const record = text.trimStart().startsWith("{") ? JSON.parse(text) : { networks: tabled(text) };
    if (!record.networks) throw new Error("no networks in it");
    const place = new Map(this.codes.map((code, i) => [code, i]));
    const before = this.networksAfter();
    const named = Object.entries(record.networks);
    this.add(named.filter(([code]) => place.has(code))
      .map(([code, id]) => [place.get(code), String(id)]).filter(([i, id]) => before[i] !== id));
    for (const kind of ["practices", "networks"]) {
      for (const code of record.locked?.[kind] ?? []) this.lock(kind, code, true);
      for (const [code, text] of Object.entries(record.notes?.[kind] ?? {}))
        this.note(kind, code, text);
    }
    const known = new Set(this.rows.map((row) => this.at(row, "practice_code")));
    return named.filter(([code]) => !known.has(code)).length;
  }
}

// The network of each practice of a table that has both.
function tabled(text) {
  const [columns, ...rows] = parsedCsv(text.replace(/^\uFEFF/, ""));
  const [code, id] = ["practice_code", "network_id"].map((name) => columns.indexOf(name));
  if (code < 0 || id < 0) throw new Error("no columns practice_code and network_id");
  return Object.fromEntries(rows.map((row) => [row[code], row[id] ?? ""]));
}

const csvLine = (cells) => `${cells.map(
  (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;

// The cells of a table, row by row; a quoted cell may hold anything.
function parsedCsv(text) {
  const rows = [[]];
  const cells = text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g);
  for (const [, quoted, unquoted, end] of cells) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? unquoted);
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
