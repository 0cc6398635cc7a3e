// What one sees of a draft beside its map: what it breaks, its figures, and tables. What one does in
// these is for `what_if.js`.
const RULES = {
  coverage: "Without a network", contiguity: "Not in one piece", band: "Number of patients",
  practices: "Number of practices", travel: "Too far to any hub", hub: "No hub",
  together: "To be together", apart: "To be apart", fixed: "To stay as it is",
  networks: "Number of networks", neighbourhoods: "Neighbourhoods", moves: "How much moves",
};
const ABOUT_PRACTICES = ["coverage", "together", "fixed"];
const SAYS_NETWORKS = ["together", "fixed", "neighbourhoods"];

const pounds = (pence) => {
  const text = String(pence < 0n ? -pence : pence).padStart(3, "0");
  return `${pence < 0n ? "−" : ""}£${thousands(text.slice(0, -2))}.${text.slice(-2)}`;
};
const signed = (text, value) => (value > 0 ? `+${text}` : text.replace(/^-/, "−"));
const part = (name) => document.getElementById(`draft-${name}`);
// A button that does nothing at present stays where the keyboard is.
const enable = (name, isUseful) => part(name).setAttribute("aria-disabled", String(!isUseful));
const heading = (text, kind) => element("th", text, { scope: "col", ...(kind && { class: kind }) });
const cell = (content, kind) => element("td", content, kind ? { class: kind } : {});
const rowHead = (content) => element("th", content, { scope: "row" });

const inAll = (lines) => totalOf(lines.filter(({ counted }) => counted).map(({ pence }) => pence));

// Where the browser keeps drafts; some keep nothing.
function keptHere() {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}

function framed(caption, headings, rows) {
  const table = element("table", [
    element("caption", caption),
    element("thead", element("tr", headings.map(([text, kind]) => heading(text, kind)))),
    element("tbody", rows),
  ]);
  return element("div", table, { class: "frame", tabindex: 0, role: "region", "aria-label": caption });
}

function box(isChecked, label, onChange) {
  const made = element("input", [], { type: "checkbox", "aria-label": label, "data-key": label });
  made.checked = isChecked;
  made.addEventListener("change", () => onChange(made.checked));
  return made;
}

class DraftView {
  constructor(facts) {
    this.facts = facts;
    this.unit = facts.problem.unit;
    this.judge = new Judge(facts.problem);
    this.draft = new Draft(facts, keptHere());
    this.selected = new Set();
    this.practices = this.described();
    this.planned = this.judge.judge(facts.networks);
    this.paidByPlan = facts.money && payments(facts.money, this.planned.networks);
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
      if (code === own.code) Object.assign(own, { name, todayName: at(row, "current_network_name") });
      else own.with.push(`${name} (${code})`);
    });
    return found;
  }

  // A network by its number and name.
  called(id) {
    return `${this.numbers.get(id) ?? "new"}: ${this.draft.nameOf(id)}`;
  }

  // A text of the rules with names beside codes.
  named(text, isNetworks) {
    const names = isNetworks ? [...this.numbers.keys()].map((id) => [id, this.draft.nameOf(id)])
      : this.practices.map(({ code, name }) => [code, name]);
    const known = new Map(names);
    return text.replace(/[\p{L}\p{N}_-]+/gu, (word) => {
      const name = known.get(word);
      return name && name !== word ? `${name} (${word})` : word;
    });
  }

  render(words = "") {
    const active = document.activeElement?.dataset?.key;
    const { draft, judge, facts } = this;
    this.networkOf = draft.networksAfter();
    this.report = judge.judge(draft.networks);
    const ids = this.report.networks.map(({ id }) => id);
    const old = facts.networks.map(({ id }) => id);
    this.numbers = new Map([...old, ...ids.filter((id) => !old.includes(id))].map((id, k) => [id, k + 1]));
    this.shown = [...this.report.networks].sort((a, b) => this.numbers.get(a.id) - this.numbers.get(b.id));
    this.fromPlan = judge.moves(facts.networks, this.report.networks);
    this.fromToday = judge.movesFromToday(this.report.networks);
    this.paid = facts.money && payments(facts.money, this.report.networks);
    this.isPlan = this.networkOf.every((id, i) => id === draft.plan[i]);
    enable("undo", draft.done > 0);
    enable("redo", draft.done < draft.steps.length);
    enable("reset", !this.isPlan);
    this.showVerdict();
    this.showTiles();
    this.showFindings();
    this.showNetworks();
    this.showMoves();
    this.showMoney();
    this.showSteps();
    this.rows.forEach((row, i) => this.showPractice(row, i));
    this.showTargets();
    this.showSelected();
    this.drawMap();
    part("told").textContent = words;
    if (active)
      [...part("opened").querySelectorAll("[data-key]")].find((it) => it.dataset.key === active)?.focus();
  }

  drawMap() {
    const wrong = new Set(this.report.findings.filter(
      ({ isBroken, rule }) => isBroken && !ABOUT_PRACTICES.includes(rule)).map(({ where }) => where));
    const networks = this.shown.map((network) => ({
      ...network, number: this.numbers.get(network.id), isWrong: wrong.has(network.id),
      planned: this.facts.networks.findIndex(({ id }) => id === network.id),
    }));
    this.map.draw(networks, {
      selected: this.selected,
      locked: (i) => this.draft.isHeld(i, this.networkOf[i]),
      describe: (i) => this.about(i),
    });
  }

  about(i) {
    const { name, code, list, with: others } = this.practices[i];
    const id = this.networkOf[i];
    const also = others.length ? `, with ${others.join(", ")}` : "";
    return `${name} (${code})${also}\n${plural(list, "patient")}\n${id ? this.called(id) : "in no network"}`;
  }

  showVerdict() {
    const { report, facts: { proof } } = this;
    const count = report.findings.filter(({ isBroken }) => isBroken).length;
    const isKept = report.holds || (proof && !obstacle(this.judge, report, proof));
    const but = report.holds ? "" : ", but for patients outside the band that no plan avoids";
    const who = this.isPlan ? "This is the plan, nothing is changed yet: it" : "Your draft";
    const words = isKept ? `${who} keeps every rule${but}.`
      : `${who} breaks ${count === 1 ? "one rule" : `rules in ${count} places`}.`;
    const badge = element("span", isKept ? "Keeps the rules" : "Breaks rules",
      { class: `badge ${isKept ? "good" : "bad"}` });
    part("verdict").replaceChildren(badge, ` ${words}`);
    part("bound").textContent = this.bound();
  }

  // How much better a plan can be, or why that is not known.
  bound() {
    const { facts: { proof, unjudged }, report, judge } = this;
    if (!proof) return "How much better another plan could be is not known: this one comes without a proof.";
    if (unjudged.length) return `How much better another plan could be is not said: ${unjudged.join(", ")} are not judged here.`;
    const stands = obstacle(judge, report, proof);
    if (stands) return `While a rule is broken, nothing is proven about how good the draft is. First in the way: ${this.where(stands)} (${RULES[stands.rule].toLowerCase()}).`;
    const most = mostBetter(report.cost, proof.bound);
    return most ? `No plan that keeps the rules can be more than ${(most / 100).toFixed(2)} % better than this draft.`
      : "No plan that keeps the rules is better than this draft.";
  }

  sentence(found) {
    return `${this.where(found)} ${this.named(found.message, SAYS_NETWORKS.includes(found.rule))}.`;
  }

  where({ rule, where }) {
    return this.named(where, !ABOUT_PRACTICES.includes(rule));
  }

  showTiles() {
    const { report, planned, unit, facts } = this;
    const tiles = [];
    const add = (name, value, note) => tiles.push(element("div", [
      element("dt", name), element("dd", [value, element("small", note)])]));
    if (report.cost === null) add("Cost", "none", "a network has no hub that all can reach");
    else {
      const [cost, more] = [report.cost, report.cost - (planned.cost ?? report.cost)].map(
        (amount) => Number(amount) / this.judge.steps);
      const best = facts.proof?.status === "optimal" ? "the best plan" : "the plan on this page";
      const share = planned.cost ? (100 * Number(report.cost - planned.cost)) / Number(planned.cost) : 0;
      add(`Cost (patient-${unit})`, figure(cost, 1), more
        ? `${signed(figure(more, 1), more)} (${signed(figure(share, 2), share)} %) against ${best}` : `as ${best}`);
    }
    const count = report.networks.length;
    const sum = (name) => report.networks.filter(name).length;
    add("In the band", `${sum((it) => it.inBand)} of ${count}`, "networks, by patients");
    add("In one piece", `${sum((it) => it.parts.length === 1)} of ${count}`, "networks");
    add("Mean way", figure(report.mean, 3), `${unit} to the hub, per patient`);
    add("Longest way", figure(report.longest, 3), `${unit} to the hub`);
    add("Move from the plan", plural(this.fromPlan.practices, "practice"), plural(this.fromPlan.patients, "patient"));
    if (this.fromToday)
      add("Move from today", plural(this.fromToday.practices, "practice"), plural(this.fromToday.patients, "patient"));
    if (report.fit) {
      const all = report.fit.aligned + report.fit.misaligned;
      add("Live where served", all ? `${figure((100 * report.fit.aligned) / all, 1)} %` : "none",
        "of patients, in the neighbourhood of their network");
    }
    if (this.paid) {
      const [now, before] = [this.paid, this.paidByPlan].map(inAll);
      const more = now - before;
      add("Budget", pounds(100n * halfUp(now, 100n)).slice(0, -3), more ? `${more > 0n ? "+" : ""}${pounds(more)} from the plan` : facts.money.told);
    }
    part("tiles").replaceChildren(...tiles);
  }

  showFindings() {
    const found = this.report.findings.filter(({ isBroken }) => isBroken);
    if (!found.length) {
      part("findings").replaceChildren(element("p", "None."));
      return;
    }
    const items = found.map((it) => element("li", [
      element("b", `${RULES[it.rule]}: `), this.sentence(it), " ", ...this.places(it)]));
    part("findings").replaceChildren(element("ul", items, { class: "findings" }));
  }

  // Buttons that lead to what a finding is about.
  places({ rule, where, members }) {
    const to = (words, units) => button(words, () => {
      this.map.lookAt(units);
      part("map").scrollIntoView({ block: "nearest" });
    }, { class: "small", "data-key": `${rule} ${where} ${words}` });
    if (!members.length) return [];
    if (rule !== "contiguity") return [to("Show", members)];
    const network = this.report.networks.find(({ id }) => id === where);
    return network.parts.map((units, k) => to(`Show piece ${k + 1}`, units));
  }

  showNetworks() {
    const { unit, facts: { problem }, paid } = this;
    const columns = [
      [["No.", "number"], ({ id }) => cell(String(this.numbers.get(id)), "number")],
      [["Network"], (network) => rowHead(this.picker(network))],
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
        : cell(this.practices[hub].name))],
      paid && [["Budget", "number"], (network) => cell(pounds(this.paidTo(network)), "number")],
      problem.neighbourhoods && [["Serves"], (network) => cell(this.serves(network))],
      new Set(problem.authorities).size > 1
        && [["Authorities"], ({ authorities }) => cell(authorities.join(", "))],
      [["Locked", "screen"], ({ id }) => cell(this.lockBox("networks", id, this.draft.nameOf(id)), "screen")],
      [["Note", "screen"], ({ id }) => cell(this.noteBox("networks", id, this.draft.nameOf(id)), "screen")],
    ].filter(Boolean);
    const rows = this.shown.map((network) =>
      element("tr", columns.map(([, content]) => content(network))));
    part("networks").replaceChildren(
      framed("The networks as the draft has them", columns.map(([named]) => named), rows));
  }

  picker({ id, members }) {
    return button(this.draft.nameOf(id), () => {
      this.select(members);
      this.map.lookAt(members);
    }, { class: "pick", title: "Select its practices", "data-key": `pick ${id}` });
  }

  againstBand({ patients, inBand, outside: missing }) {
    if (inBand) return cell("in the band");
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
    const share = figure((100 * aligned) / living, 1);
    return `${this.facts.problem.neighbourhoods.names[serves]}, ${share} %`;
  }

  lockBox(kind, code, name) {
    return box(this.draft.locked[kind].includes(code), `Lock ${name}`, (isLocked) => {
      this.draft.lock(kind, code, isLocked);
      this.render(`${name} is ${isLocked ? "locked" : "unlocked"}.`);
    });
  }

  noteBox(kind, code, name) {
    const made = element("input", [], {
      type: "text", class: "note", "aria-label": `Note on ${name}`, "data-key": `note ${kind} ${code}`,
    });
    made.value = this.draft.notes[kind][code] ?? "";
    made.addEventListener("change", () => {
      this.draft.note(kind, code, made.value);
      this.showSteps();
    });
    return made;
  }

  showMoves() {
    const table = (caption, { flows }, nameOf) => framed(caption,
      [["Practice"], ["List", "number"], ["From"], ["To"]],
      flows.flatMap(({ from, to, members }) => members.map((i) => element("tr", [
        rowHead(`${this.practices[i].name} (${this.practices[i].code})`),
        cell(thousands(this.practices[i].list), "number"),
        cell(nameOf(from, i)), cell(this.called(to))]))));
    const told = ({ practices, patients }) => `${plural(practices, "practice")} of ${plural(patients, "patient")}`;
    const content = [element("p", this.fromPlan.members.length
      ? `From the plan on this page: ${told(this.fromPlan)}.` : "Nobody, from the plan on this page.")];
    if (this.fromPlan.members.length)
      content.push(table("From the plan to the draft", this.fromPlan, (id) => this.called(id)));
    if (this.fromToday?.members.length)
      content.push(element("details", [
        element("summary", `From the networks of today: ${told(this.fromToday)}`),
        table("From today to the draft", this.fromToday, (id, i) => this.practices[i].todayName || id)]));
    const isOpen = part("moves").querySelector("details")?.open;
    part("moves").replaceChildren(...content);
    if (isOpen && part("moves").querySelector("details")) part("moves").querySelector("details").open = true;
  }

  showMoney() {
    if (!this.paid) return;
    const { facts } = this;
    const line = (name, now, then) => element("tr", [
      rowHead(name), cell(pounds(then), "number"), cell(pounds(now), "number"),
      cell(now === then ? "" : signed(pounds(now - then), Number(now - then)), "number")]);
    const rows = this.paid.map(({ name, pence, counted }, k) =>
      line(name.replaceAll("_", " ") + (counted ? "" : " (not counted)"), pence, this.paidByPlan[k].pence));
    rows.push(line("all that count", inAll(this.paid), inAll(this.paidByPlan)));
    part("money").replaceChildren(element("h3", "Money"), framed(
      `Budget ${facts.money.told}${facts.money.remark ? `; ${facts.money.remark}` : ""}`,
      [["Line"], ["Plan", "number"], ["Draft", "number"], ["Difference", "number"]], rows));
  }

  showSteps() {
    const items = this.draft.told.map((step) => {
      const ways = new Map();
      for (const { practice, from, to } of step) {
        const way = `from ${from ? this.draft.nameOf(from) : "no network"} to ${to ? this.draft.nameOf(to) : "no network"}`;
        ways.set(way, [...(ways.get(way) ?? []), this.practices[practice].name]);
      }
      return element("li", [...ways].map(([way, names]) => `${names.join(", ")} ${way}`).join("; "));
    });
    part("steps").replaceChildren(...items);
    if (!items.length) part("steps").append(element("li", "Nothing yet."));
    const named = {
      practices: (code) => this.practices.find((each) => each.code === code)?.name ?? code,
      networks: (id) => this.draft.nameOf(id),
    };
    const notes = Object.entries(this.draft.notes).flatMap(([kind, texts]) => Object.entries(texts).map(
      ([code, text]) => element("li", [element("b", `${named[kind](code)}: `), text])));
    part("notes").replaceChildren(...notes);
  }

  practiceRows() {
    const rows = this.practices.map((practice) => {
      const { i, code, name, list } = practice;
      const others = practice.with.length ? [element("small", ` with ${practice.with.join(", ")}`)] : [];
      return element("tr", [
        cell(box(false, `Select ${name} (${code})`, () => this.pick([i], false)), "screen"),
        rowHead(code), cell([name, ...others]), cell(thousands(list), "number"),
        cell(""), cell("", "number"), cell(""), cell(practice.todayName || practice.today || "none"),
        cell(this.lockBox("practices", code, `${name} (${code})`), "screen"),
        cell(this.noteBox("practices", code, `${name} (${code})`), "screen")]);
    });
    part("practices").replaceChildren(framed("All practices, and where the draft has them", [
      ["Select", "screen"], ["Practice"], ["Name"], ["List", "number"], ["In the draft"],
      [`${this.unit} to hub`, "number"], ["In the plan"], ["Today"], ["Locked", "screen"], ["Note", "screen"]], rows));
    return rows;
  }

  showPractice(row, i) {
    const { draft, judge } = this;
    const [id, old] = [this.networkOf[i], draft.plan[i]];
    const network = this.report.networks.find((each) => each.id === id);
    const [, , , , now, way, before, , lock, note] = row.cells;
    now.textContent = id ? this.called(id) : "none";
    now.className = id === old ? "" : "changed";
    way.textContent = network ? figure(judge.travel[i * judge.n + network.centre] / judge.steps, 3) : "";
    before.textContent = old ? this.called(old) : "none";
    lock.firstChild.checked = draft.locked.practices.includes(this.practices[i].code);
    note.firstChild.value = draft.notes.practices[this.practices[i].code] ?? "";
  }

  showTargets() {
    const options = this.shown.map(({ id }) => element("option", this.called(id), { value: id }));
    part("target").replaceChildren(...options,
      element("option", "A new network", { value: "new" }), element("option", "No network", { value: "none" }));
  }

  // The other network that most neighbours of some practices are in; a new one where there is none.
  nearest(units) {
    const own = new Set(units.map((i) => this.networkOf[i]));
    const counts = new Map();
    for (const j of units.flatMap((i) => this.judge.neighbours[i])) {
      const id = this.networkOf[j];
      if (id && (!own.has(id) || own.size > 1)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const [[id] = ["new"]] = [...counts].sort(([, a], [, b]) => b - a);
    return id;
  }

  showSelected() {
    const units = [...this.selected].sort(ascending);
    const patients = this.judge.patients(units);
    part("target").value = this.nearest(units);
    part("chosen").textContent = units.length
      ? `${plural(units.length, "practice")} selected, ${plural(patients, "patient")}` : "Nothing selected";
    part("selected").replaceChildren(...units.map((i) => {
      const { name, code } = this.practices[i];
      return element("li", [`${name} (${code}) `, element("small", plural(this.practices[i].list, "patient")),
        button("×", () => this.pick([i], false), { class: "small", "aria-label": `Take ${name} out of the selection` })]);
    }));
    for (const name of ["move", "lock", "clear"]) enable(name, units.length > 0);
    const codes = units.map((i) => this.practices[i].code);
    part("lock").textContent = codes.length && codes.every((code) => this.draft.locked.practices.includes(code))
      ? "Unlock" : "Lock";
    this.rows.forEach((row, i) => {
      row.cells[0].firstChild.checked = this.selected.has(i);
      row.classList.toggle("on", this.selected.has(i));
    });
  }
}
