// The tables of a draft: its networks, who moves, money, practices, and what was done.
const part = (name) => document.getElementById(`draft-${name}`);
const cell = (content, kind) => element("td", content, kind ? { class: kind } : {});
const rowHead = (content) => element("th", content, { scope: "row" });

const pounds = (pence) => {
  const text = String(pence < 0n ? -pence : pence).padStart(3, "0");
  return `${pence < 0n ? "−" : ""}£${thousands(text.slice(0, -2))}.${text.slice(-2)}`;
};
const signed = (text, value) => (value > 0 ? `+${text}` : text.replace(/^-/, "−"));
const percent = (share, digits = 1) => `${figure(100 * share, digits)}\u00a0%`;
const inAll = (lines) => totalOf(lines.filter(({ counted }) => counted).map(({ pence }) => pence));
const practicesAndPatients = ({ practices, patients }) =>
  `${plural(practices, "practice")} of ${plural(patients, "patient")}`;

// A figure of a network: a share in per cent, a mean to two decimals, a sum whole.
function figureWords(each, members) {
  const [amount, parts] = fraction(each, members);
  if (!parts) return "not known";
  const value = quotient([amount, parts]);
  if (each.adds === "share") return percent(value);
  return figure(value, each.adds === "sum" ? 0 : 2);
}

// A table in a frame that scrolls; a heading is its words and the class of its column.
function framed(caption, headings, rows) {
  const table = element("table", [
    element("caption", caption),
    element("thead", element("tr", headings.map(([words, kind]) =>
      element("th", words, { scope: "col", ...(kind && { class: kind }) })))),
    element("tbody", rows),
  ]);
  const attributes = { class: "frame", tabindex: 0, role: "region", "aria-label": caption };
  return element("div", table, attributes);
}

function box(isChecked, label, onChange) {
  const made = element("input", [], { type: "checkbox", "aria-label": label, "data-key": label });
  made.checked = isChecked;
  made.addEventListener("change", () => onChange(made.checked));
  return made;
}

class DraftTables {
  constructor(facts) {
    this.facts = facts;
    this.unit = facts.problem.unit;
    this.each = facts.are_footprints ? "footprint" : "network";
    this.judge = new Judge(facts.problem);
    this.draft = new Draft(facts, keptHere());
    this.practices = this.described();
    this.planned = this.judge.judge(facts.networks);
    this.paidByPlan = facts.money && payments(facts.money, this.planned.networks);
    this.rows = this.practiceRows();
  }

  // What is said of each practice, by position, those attached to it among them.
  described() {
    const { columns, rows } = this.draft;
    const at = (row, name) => row[columns.indexOf(name)].replace(/^'(?=[=+\-@])/, "");
    const found = this.facts.problem.codes.map((code, i) => ({
      code, i, name: code, list: this.facts.problem.weights[i], with: [],
      today: this.facts.problem.today[i],
    }));
    rows.forEach((row, k) => {
      const own = found[this.facts.groupings.units[k]];
      const [code, name] = [at(row, "practice_code"), at(row, "practice_name")];
      if (code !== own.code) own.with.push(`${name} (${code})`);
      else Object.assign(own, { name, todayName: at(row, "current_network_name") });
    });
    return found;
  }

  // A network by its number and name.
  called(id) {
    return `${this.numbers.get(id) ?? "new"}: ${this.draft.nameOf(id)}`;
  }

  practice(i) {
    return `${this.practices[i].name} (${this.practices[i].code})`;
  }

  showNetworks() {
    const { unit, facts: { problem }, paid } = this;
    const columns = [
      [["No.", "number"], ({ id }) => cell(String(this.numbers.get(id)), "number")],
      [[capital(this.each)], (network) => rowHead(this.picker(network))],
      [["Practices", "number"], ({ practices }) => cell(thousands(practices), "number")],
      [["Patients", "number"], ({ patients }) => cell(thousands(patients), "number")],
      [["Against the band"], (network) => this.againstBand(network)],
      [["Pieces", "number"], ({ parts: { length } }) =>
        cell(String(length), length > 1 ? "number bad" : "number")],
      [[`Mean ${unit}`, "number"], ({ mean }) => cell(figure(mean, 3), "number")],
      [[`Longest ${unit}`, "number"], ({ longest }) => cell(figure(longest, 3), "number")],
      [[`Patient-${unit}`, "number"], ({ cost }) =>
        cell(cost === null ? "none" : figure(Number(cost) / this.judge.steps), "number")],
      [["Hub"], ({ hub }) => (hub === null ? cell("none that all can reach", "bad")
        : cell((this.practices[hub] ?? problem.sites[hub - this.practices.length]).name))],
      ...problem.figures.map((each) => [[each.title, "number"], ({ members }) =>
        cell(figureWords(each, members), "number")]),
      paid && [["Budget", "number"], (network) => cell(pounds(this.paidTo(network)), "number")],
      problem.neighbourhoods && [["Serves"], (network) => cell(this.serves(network))],
      new Set(problem.authorities).size > 1
        && [["Authorities"], ({ authorities }) => cell(authorities.join(", "))],
      [["Locked", "screen"], ({ id }) =>
        cell(this.lockBox("networks", id, this.draft.nameOf(id)), "screen")],
      [["Note", "screen"], ({ id }) =>
        cell(this.noteBox("networks", id, this.draft.nameOf(id)), "screen")],
    ].filter(Boolean);
    const rows = this.shown.map((network) =>
      element("tr", columns.map(([, content]) => content(network))));
    part("networks").replaceChildren(
      framed(`The ${this.each}s as the draft has them`, columns.map(([named]) => named), rows));
  }

  picker({ id, members }) {
    return button(this.draft.nameOf(id), () => {
      this.select(members);
      this.map.lookAt(members);
    }, { class: "pick", title: "Select its practices", "data-key": `pick ${id}` });
  }

  againstBand({ patients, inBand, outside: missing }) {
    if (inBand) return cell("in the band");
    if (!missing) return cell("a figure is outside", "bad");
    const side = patients < this.facts.problem.size.band_min ? "short" : "above";
    return cell(`${thousands(missing)} ${side}`, "bad");
  }

  paidTo(network) {
    const k = this.report.networks.indexOf(network);
    return totalOf(this.paid.filter(({ counted }) => counted).map(({ networks }) => networks[k]));
  }

  // The neighbourhood of a network, and the share of its patients who live there.
  serves({ serves, aligned, misaligned }) {
    const living = aligned + misaligned;
    if (!living) return "none";
    return `${this.facts.problem.neighbourhoods.names[serves]}, ${percent(aligned / living)}`;
  }

  lockBox(kind, code, name) {
    return box(this.draft.locked[kind].includes(code), `Lock ${name}`, (isLocked) => {
      this.draft.lock(kind, code, isLocked);
      this.render(`${name} is ${isLocked ? "locked" : "unlocked"}.`);
    });
  }

  noteBox(kind, code, name) {
    const made = element("input", [], {
      type: "text", class: "note", "aria-label": `Note on ${name}`,
      "data-key": `note ${kind} ${code}`,
    });
    made.value = this.draft.notes[kind][code] ?? "";
    made.addEventListener("change", () => {
      this.draft.note(kind, code, made.value);
      this.showSteps();
    });
    return made;
  }

  showMoves() {
    const { fromPlan, fromToday } = this;
    const wasOpen = part("moves").querySelector("details")?.open ?? false;
    const content = [element("p", fromPlan.members.length
      ? `From the plan on this page: ${practicesAndPatients(fromPlan)}.`
      : "Nobody, from the plan on this page.")];
    if (fromPlan.members.length)
      content.push(this.flows("From the plan to the draft", fromPlan, (id) => this.called(id)));
    if (fromToday?.members.length) {
      const nameOf = (id, i) => this.practices[i].todayName || id;
      const words = `From the networks of today: ${practicesAndPatients(fromToday)}`;
      content.push(element("details", [
        element("summary", words), this.flows("From today to the draft", fromToday, nameOf)]));
    }
    part("moves").replaceChildren(...content);
    part("moves").querySelector("details")?.toggleAttribute("open", wasOpen);
  }

  flows(caption, { flows }, nameOf) {
    const rows = flows.flatMap(({ from, to, members }) => members.map((i) => element("tr", [
      rowHead(this.practice(i)), cell(thousands(this.practices[i].list), "number"),
      cell(nameOf(from, i)), cell(this.called(to))])));
    return framed(caption, [["Practice"], ["List", "number"], ["From"], ["To"]], rows);
  }

  showMoney() {
    if (!this.paid) return;
    const { told, remark } = this.facts.money;
    const line = (name, now, then) => element("tr", [
      rowHead(name), cell(pounds(then), "number"), cell(pounds(now), "number"),
      cell(now === then ? "" : signed(pounds(now - then), Number(now - then)), "number")]);
    const rows = this.paid.map(({ name, pence, counted }, k) => line(
      name.replaceAll("_", " ") + (counted ? "" : " (not counted)"),
      pence, this.paidByPlan[k].pence));
    rows.push(line("all that count", inAll(this.paid), inAll(this.paidByPlan)));
    part("money").replaceChildren(element("h3", "Money"), framed(
      `Budget ${[told, remark].filter(Boolean).join("; ")}`,
      [["Line"], ["Plan", "number"], ["Draft", "number"], ["Difference", "number"]], rows));
  }

  showSteps() {
    const nameOf = (id) => (id ? this.draft.nameOf(id) : `no ${this.each}`);
    const items = this.draft.told.map((step) => {
      const ways = new Map();
      for (const { practice, from, to } of step) {
        const way = `from ${nameOf(from)} to ${nameOf(to)}`;
        ways.set(way, [...(ways.get(way) ?? []), this.practices[practice].name]);
      }
      const words = [...ways].map(([way, names]) => `${names.join(", ")} ${way}`);
      return element("li", words.join("; "));
    });
    part("steps").replaceChildren(...(items.length ? items : [element("li", "Nothing yet.")]));
    const named = {
      practices: (code) => this.practices.find((each) => each.code === code)?.name ?? code,
      networks: nameOf,
    };
    const noted = Object.entries(this.draft.notes).flatMap(([kind, texts]) =>
      Object.entries(texts).map(([code, text]) => [named[kind](code), text]));
    part("notes").replaceChildren(...noted.map(([name, text]) =>
      element("li", [element("b", `${name}: `), text])));
  }

  // A row for each practice, made once: what changes in it is put there by `showPractice`.
  practiceRows() {
    const rows = this.practices.map(({ i, code, name, list, today, todayName, with: others }) => {
      const beside = others.length ? [element("small", ` with ${others.join(", ")}`)] : [];
      return element("tr", [
        cell(box(false, `Select ${this.practice(i)}`, () => this.pick([i], false)), "screen"),
        rowHead(code), cell([name, ...beside]), cell(thousands(list), "number"),
        cell(""), cell("", "number"), cell(""), cell(todayName || today || "none"),
        cell(this.lockBox("practices", code, this.practice(i)), "screen"),
        cell(this.noteBox("practices", code, this.practice(i)), "screen")]);
    });
    const headings = [
      ["Select", "screen"], ["Practice"], ["Name"], ["List", "number"], ["In the draft"],
      [`${this.unit} to hub`, "number"], ["In the plan"], ["Today"],
      ["Locked", "screen"], ["Note", "screen"]];
    part("practices").replaceChildren(
      framed("All practices, and where the draft has them", headings, rows));
    return rows;
  }

  showPractice(row, i) {
    const { draft, judge } = this;
    const [id, old] = [this.networkOf[i], draft.plan[i]];
    const network = this.report.networks.find((each) => each.id === id);
    const [, , , , now, way, before, , lock, note] = row.cells;
    now.textContent = id ? this.called(id) : "none";
    now.className = id === old ? "" : "changed";
    way.textContent = network
      ? figure(judge.travelTo(network.centre, i) / judge.steps, 3) : "";
    before.textContent = old ? this.called(old) : "none";
    lock.firstChild.checked = draft.locked.practices.includes(this.practices[i].code);
    note.firstChild.value = draft.notes.practices[this.practices[i].code] ?? "";
  }
}
