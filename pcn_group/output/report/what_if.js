// Where one tries changes to the plan of the page: opened at the press of a button, since only then
// its facts are read.
class WhatIf extends DraftView {
  constructor(facts) {
    super(facts);
    this.selected = new Set();
    this.planPlaces = read("plan").networks.map(({ at }) => at);
    this.map = new DraftMap(part("map"), facts, (units, isMore) => this.pick(units, isMore),
      (i) => this.about(i));
    this.listen();
    this.render();
  }

  listen() {
    const on = (name, act, kind = "click") => part(name).addEventListener(kind, act);
    on("undo", () => this.go(-1, "Undone."));
    on("redo", () => this.go(1, "Done again."));
    on("reset", () => {
      this.draft.reset();
      this.render("All practices are as in the plan again. Undo brings your draft back.");
    });
    on("move", () => this.move());
    on("clear", () => this.select([]));
    on("lock", () => this.lockSelected());
    on("box", () => this.setBoxing(!this.map.isBoxing));
    on("filter", () => this.filter(), "input");
    on("csv", () => save("groupings.csv", "text/csv", this.draft.csv(this.judge, this.report)));
    on("record", () => save("what-if.json", "application/json",
      this.draft.record(this.report, new Date().toISOString())));
    part("rules")?.addEventListener("click", () => save("rules.yaml", "application/yaml",
      `${JSON.stringify(this.facts.rules, null, 2)}\n`));
    on("load", () => part("file").click());
    on("file", () => this.load(), "change");
    part("opened").addEventListener("keydown", (event) => this.pressed(event));
  }

  pressed(event) {
    if (event.key === "Escape") this.select([]);
    const isText = event.target.matches("input[type=text], input[type=search]");
    if (!(event.ctrlKey || event.metaKey) || isText) return;
    const by = { z: event.shiftKey ? 1 : -1, y: 1 }[event.key.toLowerCase()];
    if (!by) return;
    event.preventDefault();
    this.go(by, by < 0 ? "Undone." : "Done again.");
  }

  pick(units, isMore) {
    if (isMore) this.select([...this.selected, ...units]);
    else {
      const [unit] = units;
      const others = [...this.selected].filter((i) => i !== unit);
      this.select(this.selected.has(unit) ? others : [...others, unit]);
    }
    this.setBoxing(false);
  }

  setBoxing(isBoxing) {
    this.map.isBoxing = isBoxing;
    part("map").classList.toggle("boxing", isBoxing);
    part("box").setAttribute("aria-pressed", String(isBoxing));
  }

  // Select practices; with the first of them a network to move to is suggested.
  select(units) {
    if (!this.selected.size && units.length) part("target").value = this.nearest(units);
    this.selected = new Set(units);
    this.showSelected();
    this.drawMap();
  }

  move() {
    if (!this.selected.size) {
      this.render("Select practices first.");
      return;
    }
    const members = [...this.selected].sort(ascending);
    const asked = part("target").value;
    const id = { new: this.draft.newId, none: NOWHERE }[asked] ?? asked;
    const { moved, held } = this.draft.move(members, id);
    if (moved) this.selected = new Set();
    const target = id ? this.draft.nameOf(id) : `no ${this.each}`;
    this.render([
      moved && `${plural(moved, "practice")} moved to ${target}.`,
      held && `${plural(held, "practice")} stayed: locked.`,
      !moved && !held && "They are there already.",
    ].filter(Boolean).join(" "));
  }

  go(by, words) {
    const before = this.draft.done;
    this.draft.go(by);
    this.render(before === this.draft.done ? "There is nothing more." : words);
  }

  lockSelected() {
    const codes = [...this.selected].map((i) => this.practices[i].code);
    const isLocked = codes.every((code) => this.draft.locked.practices.includes(code));
    for (const code of codes) this.draft.lock("practices", code, !isLocked);
    this.render(`${plural(codes.length, "practice")} ${isLocked ? "unlocked" : "locked"}.`);
  }

  async load() {
    const [file] = part("file").files;
    part("file").value = "";
    if (!file) return;
    try {
      const strangers = this.draft.take(await file.text());
      this.render(`${file.name} is opened.`
        + (strangers ? ` ${plural(strangers, "practice")} in it are not on this page.` : ""));
    } catch (error) {
      this.render(`${file.name} is no draft: ${error.message}.`);
    }
  }

  filter() {
    const sought = plain(part("filter").value.trim());
    for (const row of this.rows) row.hidden = !plain(row.textContent).includes(sought);
  }
}

function offerWhatIf() {
  const opener = document.getElementById("draft-open");
  if (!opener) return;
  if (keptHere().getItem(draftKey(opener.dataset.digest)))
    opener.textContent = "Go on with your draft";
  opener.addEventListener("click", () => {
    part("closed").hidden = true;
    part("opened").hidden = false;
    new WhatIf(read("draft"));
    part("map").focus({ preventScroll: true });
  });
}

offerWhatIf();
