// What one sees of a draft beside its tables: what it breaks, its figures, what is selected, and
// the map. What one does is for `what_if.js`.
const RULES = {
  coverage: "Without a network", contiguity: "Not in one piece", band: "Number of patients",
  practices: "Number of practices", travel: "Too far to any hub", hub: "No hub",
  together: "To be together", apart: "To be apart", fixed: "To stay as it is",
  networks: "Number of networks", neighbourhoods: "Neighbourhoods", moves: "How much moves",
};
const ABOUT_PRACTICES = ["coverage", "together", "fixed"];
const SAYS_NETWORKS = ["together", "fixed", "neighbourhoods"];

// A button that does nothing at present stays where the keyboard is.
const enable = (name, isUseful) => part(name).setAttribute("aria-disabled", String(!isUseful));

// Pairs of which one is told what they cost, and of how many practices that are selected.
const [TOLD, FEW] = [3, 6];

class DraftView extends DraftTables {
  constructor(facts) {
    super(facts);
    const { planned, judge: { steps }, unit } = this;
    this.pairCosts = facts.pair_costs && new PairCosts(facts.pair_costs,
      { nameOf: (i) => this.practice(i), best: Number(planned.cost) / steps, unit });
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

  // Show the draft as it is now, and say in words what was done.
  render(words = "") {
    const active = document.activeElement?.dataset?.key;
    const { draft, judge, facts } = this;
    this.networkOf = draft.networksAfter();
    this.report = judge.judge(draft.networks);
    this.numbers = this.numbered();
    this.shown = [...this.report.networks].sort(
      ({ id: a }, { id: b }) => this.numbers.get(a) - this.numbers.get(b));
    this.fromPlan = judge.moves(facts.networks, this.report.networks);
    this.fromToday = facts.are_footprints ? null : judge.movesFromToday(this.report.networks);
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
    if (active) this.focusAgain(active);
  }

  // What was made anew has the keyboard again.
  focusAgain(key) {
    const every = [...part("opened").querySelectorAll("[data-key]")];
    every.find(({ dataset }) => dataset.key === key)?.focus();
  }

  // The number of each network: those of the plan have theirs, and new ones follow.
  numbered() {
    const old = this.facts.networks.map(({ id }) => id);
    const made = this.report.networks.map(({ id }) => id).filter((id) => !old.includes(id));
    return new Map([...old, ...made].map((id, k) => [id, k + 1]));
  }

  drawMap() {
    const wrong = new Set(this.report.findings
      .filter(({ isBroken, rule }) => isBroken && !ABOUT_PRACTICES.includes(rule))
      .map(({ where }) => where));
    const networks = this.shown.map((network) => {
      const planned = this.facts.networks.findIndex(({ id }) => id === network.id);
      const isAsPlanned = String(network.members) === String(this.facts.networks[planned]?.members);
      return {
        ...network, planned, number: this.numbers.get(network.id), isWrong: wrong.has(network.id),
        at: isAsPlanned ? this.planPlaces[planned] : null,
      };
    });
    this.map.drawDraft(networks, {
      selected: this.selected,
      locked: (i) => this.draft.isHeld(i, this.networkOf[i]),
    });
  }

  about(i) {
    const { list, with: others } = this.practices[i];
    const id = this.networkOf[i];
    const also = others.length ? `, with ${others.join(", ")}` : "";
    const where = id ? this.called(id) : `in no ${this.each}`;
    return [this.practice(i) + also, plural(list, "patient"), where];
  }

  showVerdict() {
    const { report, facts: { proof } } = this;
    const count = report.findings.filter(({ isBroken }) => isBroken).length;
    const isKept = report.holds || (proof && !obstacle(report, proof));
    const but = report.holds ? "" : ", but where no plan keeps the band";
    const who = this.isPlan ? "This is the plan, nothing is changed yet: it" : "Your draft";
    const words = isKept ? `${who} keeps every rule${but}.`
      : `${who} breaks ${count === 1 ? "one rule" : `rules in ${count} places`}.`;
    const badge = element("span", isKept ? "Keeps the rules" : "Breaks rules",
      { class: `badge ${isKept ? "good" : "bad"}` });
    part("verdict").replaceChildren(badge, ` ${words}`);
    part("bound").textContent = this.bound();
    if (this.pairCosts) part("least").textContent = isKept ? this.leastCost() : "";
  }

  leastCost() {
    const more = Number(this.report.cost - this.planned.cost) / this.judge.steps;
    return this.pairCosts.leastCost(this.networkOf, more);
  }

  // How much better a plan can be, or why that is not known.
  bound() {
    const { facts: { proof }, report } = this;
    if (!proof)
      return "How much better another plan could be is not known: nothing is proven of this one.";
    const stands = obstacle(report, proof);
    if (stands)
      return "While a rule is broken, nothing is proven about how good the draft is. First in the "
        + `way: ${this.where(stands)} (${RULES[stands.rule].toLowerCase()}).`;
    const most = mostBetter(report.cost, proof.bound);
    if (!most) return "No plan that keeps the rules is better than this draft.";
    const share = percent(most / 10_000, 2);
    return `No plan that keeps the rules can be more than ${share} better than this draft.`;
  }

  sentence(found) {
    return `${this.where(found)} ${this.named(found.message, SAYS_NETWORKS.includes(found.rule))}.`;
  }

  where({ rule, where }) {
    return this.named(where, !ABOUT_PRACTICES.includes(rule));
  }

  showTiles() {
    const { report: { networks, mean, longest, fit }, unit, each } = this;
    const howMany = (isSo) => `${networks.filter(isSo).length} of ${networks.length}`;
    const moved = ({ practices, patients }) =>
      [plural(practices, "practice"), plural(patients, "patient")];
    const tiles = [
      this.costTile(),
      ["In the band", howMany((it) => it.inBand), `${each}s, by patients`],
      ["In one piece", howMany((it) => it.parts.length === 1), `${each}s`],
      ["Mean way", figure(mean, 3), `${unit} to the hub, per patient`],
      ["Longest way", figure(longest, 3), `${unit} to the hub`],
      ["Moved from plan", ...moved(this.fromPlan)],
      this.fromToday && ["Moved from today", ...moved(this.fromToday)],
      fit && ["Live where served", percent(fit.aligned / (fit.aligned + fit.misaligned || 1)),
        `of patients, in the neighbourhood of their ${each}`],
      this.paid && this.budgetTile(),
    ].filter(Boolean);
    part("tiles").replaceChildren(...tiles.map(([name, value, note]) => element("div", [
      element("dt", name), element("dd", [value, element("small", note)])])));
  }

  costTile() {
    const { report: { cost }, planned: { cost: before }, unit, each, facts } = this;
    if (cost === null) return ["Cost", "none", `a ${each} has no hub that all can reach`];
    const best = facts.proof?.status === "optimal" ? "the best plan" : "the plan on this page";
    const name = `Cost (patient-${unit})`;
    const shown = (amount) => figure(Number(amount) / this.judge.steps, 1);
    if (before === null) return [name, shown(cost), `${best} has none`];
    const more = cost - before;
    if (!more) return [name, shown(cost), `as ${best}`];
    const share = before ? ` (${signed(percent(Number(more) / Number(before), 2), more)})` : "";
    return [name, shown(cost), `${signed(shown(more), more)}${share} against ${best}`];
  }

  budgetTile() {
    const [now, before] = [this.paid, this.paidByPlan].map(inAll);
    const more = now - before;
    const whole = pounds(100n * halfUp(now, 100n)).slice(0, -3);
    return ["Budget", whole,
      more ? `${signed(pounds(more), more)} from the plan` : this.facts.money.told];
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

  showTargets() {
    const options = [
      ...this.shown.map(({ id }) => [this.called(id), id]),
      [`A new ${this.each}`, "new"], [`No ${this.each}`, "none"],
    ];
    const chosen = part("target").value;
    part("target").replaceChildren(...options.map(([words, value]) =>
      element("option", words, { value })));
    if (options.some(([, value]) => value === chosen)) part("target").value = chosen;
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
    const codes = units.map((i) => this.practices[i].code);
    part("chosen").textContent = units.length ? `${plural(units.length, "practice")} selected, `
      + plural(this.judge.patients(units), "patient") : "Nothing selected";
    part("selected").replaceChildren(...units.map((i) => {
      const label = `Take ${this.practice(i)} out of the selection`;
      return element("li", [
        `${this.practice(i)} `, element("small", plural(this.practices[i].list, "patient")),
        button("×", () => this.pick([i], false), { class: "small", "aria-label": label })]);
    }));
    this.showPairs(units);
    for (const name of ["move", "lock", "clear"]) enable(name, units.length > 0);
    const isLocked = codes.length && codes.every(
      (code) => this.draft.locked.practices.includes(code));
    part("lock").textContent = isLocked ? "Unlock" : "Lock";
    this.rows.forEach((row, i) => {
      row.cells[0].firstChild.checked = this.selected.has(i);
      row.classList.toggle("on", this.selected.has(i));
    });
  }

  // What is known of the pairs of some practices, of those that cost least.
  showPairs(units) {
    if (!this.pairCosts) return;
    const found = units.length <= FEW ? this.pairCosts.among(units) : [];
    const items = found.slice(0, TOLD).map((pair) => this.pairCosts.about(pair));
    if (found.length > TOLD)
      items.push(`${plural(found.length - TOLD, "more pair")}: see togetherness.csv.`);
    part("pairs").replaceChildren(...items.map((words) => element("li", words)));
  }
}
