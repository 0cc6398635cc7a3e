// Plans on maps, and what is said of them. Every page with plans has this, so that a click, the
// search, the layers and Escape do the same on all of them.
const rowsWith = (name) => [...document.querySelectorAll(`tr[data-${name}]`)];

class PlanView {
  // A network has the same number on all maps. `describe` gives what is said of one, from its
  // number and the plans shown: a heading, then paragraphs and lists.
  constructor(canvases, describe = describeNetwork) {
    Object.assign(this, { describe, isolated: null });
    this.maps = canvases.map((canvas) => {
      const map = new PlanMap(canvas, (place) =>
        this.toggle(place === null ? null : map.plan.networks[place].number));
      return map;
    });
    [this.picked, this.found, this.choice] = ["picked", "found", "network"].map(
      (name) => document.getElementById(name));
    this.each = this.choice.dataset.each;  // what a network is called
    this.boxes = [...document.querySelectorAll("input[data-layer]")];
    this.search = new PracticeSearch(groundOf().practices, {
      onCount: (count) => (this.found.textContent = `${plural(count, "practice")} found.`),
      onFind: ({ code }) => this.showPractice(code),
      onClear: () => this.clearFound(),
    });
    this.listen();
  }

  listen() {
    for (const row of rowsWith("network"))
      row.addEventListener("click", () => {
        this.toggle(Number(row.dataset.network));
        if (this.isolated !== null) bringIntoSight(document.getElementById("map"));
      });
    for (const row of rowsWith("practice"))
      row.querySelector("button.pick").addEventListener("click", () => {
        this.showPractice(row.dataset.practice);
        bringIntoSight(document.getElementById("map"));
      });
    for (const box of this.boxes) {
      const show = () => {
        for (const map of this.maps) map.show(box.dataset.layer, box.checked);
      };
      box.addEventListener("change", show);
      show();
    }
    this.choice.addEventListener("change", () =>
      this.isolate(this.choice.value === "" ? null : Number(this.choice.value)));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.search.clear();
      this.isolate(null);
    });
  }

  get plans() {
    return this.maps.map((map) => map.plan);
  }

  // Show plans, one on each map, with the layers that are ticked; and what moves between them.
  show(sides) {
    this.search.clear();
    this.maps.forEach((map, k) => map.showPlan(sides[k].plan, sides[k]));
    this.isolated = null;
    this.offer();
    this.tell();
  }

  // Offer the networks to who picks by the keyboard, under their names in the first plan if there.
  offer() {
    const names = new Map([...this.plans].reverse().flatMap(
      ({ networks }) => networks.map(({ number, name, id }) => [number, `${name} (${id})`])));
    const options = [...names].sort(([a], [b]) => a - b).map(([number, name]) =>
      element("option", `${number + 1}: ${name}`, { value: number }));
    this.choice.replaceChildren(element("option", `All ${this.each}s`, { value: "" }), ...options);
  }

  // Show a network alone, or all where it is alone already, or with null.
  toggle(number) {
    this.isolate(number === this.isolated ? null : number);
  }

  // Show a network alone on all maps; all networks with null.
  isolate(number) {
    if (number === this.isolated) return;
    this.isolated = number;
    for (const map of this.maps)
      map.isolate(number === null ? null
        : map.plan.networks.findIndex((network) => network.number === number));
    this.tell();
  }

  tell() {
    const number = this.isolated;
    press(rowsWith("network"), (row) => Number(row.dataset.network) === number);
    this.choice.value = number ?? "";
    if (number === null) {
      const hint = `Click a ${this.each}, or choose it above, to see it alone.`;
      this.picked.replaceChildren(...this.list(null), element("p", hint, { class: "hint" }));
      return;
    }
    const close = button(`Show all ${this.each}s`, () => {
      this.isolate(null);
      this.choice.focus();
    });
    this.picked.replaceChildren(
      ...this.describe(number, this.plans), close, ...this.list(number));
  }

  // The practices of a network, or all, as a table beside a map that is alone.
  list(number) {
    if (this.maps.length > 1) return [];
    const [{ networks, practices, unit }] = this.plans;
    const place = ({ network, hub }) => 2 * (network < 0 ? networks.length : network) - hub;
    const shown = practices.filter(({ network }) =>
      number === null || networks[network]?.number === number)
      .sort((a, b) => place(a) - place(b));
    const rows = shown.map(({ code, name, list, network, travel, hub }) => {
      const { number: own, colour } = networks[network] ?? {};
      const chip = colour ? [element("span", String(own + 1), { class: "chip" })] : [];
      for (const it of chip) it.style.background = colour;
      const row = element("tr", [
        element("td", chip, { class: "number", "data-key": colour ? own + 1 : "" }),
        element("th", [name, ...(hub ? [element("small", " hub")] : [])], {
          scope: "row", title: code, "data-key": name }),
        element("td", thousands(list), { class: "number" }),
        element("td", travel, { class: "number" }),
      ]);
      row.addEventListener("click", () => this.showPractice(code));
      return row;
    });
    const where = number === null ? `All ${this.each}s` : `${capital(this.each)} ${number + 1}`;
    const headings = [
      ["No.", "number"], ["Practice"], ["Patients", "number"], [`${unit} to hub`, "number"]];
    return [framedTable(`${where}: ${plural(shown.length, "practice")}`, headings, rows)];
  }

  showPractice(code) {
    const practices = this.plans.map(
      (plan) => plan.practices.find((practice) => practice.code === code));
    this.maps.forEach((map, k) => map.ring(practices[k]));
    const [first, other = first] = practices.map((practice, k) =>
      whereabouts(practice, this.plans[k], this.each));
    const [{ name, list }] = practices;
    const where = first !== other ? `first ${first}, then ${other}`
      : `${first}${this.maps.length > 1 ? " in both" : ""}`;
    this.found.textContent = `${code} ${name}: ${plural(list, "patient")}, ${where}.`;
  }

  clearFound() {
    this.found.textContent = "";
    for (const map of this.maps) map.ring(null);
  }
}

const whereabouts = ({ network, travel }, { networks, unit }, each) => (network < 0
  ? `in no ${each}`
  : `in ${each} ${networks[network].id}, ${travel} ${unit} from its hub`);

function describeNetwork(number, [{ networks, unit }]) {
  const place = networks.findIndex((network) => network.number === number);
  const network = networks[place];
  return [
    element("h3", `${number + 1}: ${network.name} (${network.id})`),
    element("p", `${plural(network.patients, "patient")} in ` +
      `${plural(network.practices, "practice")}, ${network.mean} ${unit} on average and ` +
      `${network.longest} ${unit} at most.`),
    ...describeException(network),
  ];
}

const describeException = ({ exception: reason }, where = "") =>
  (reason ? [element("p", `Exception${where}: ${reason}.`)] : []);

// Plans of which a table chooses the one to show: gives the function that shows one, by its number.
// onShow is called with number and row, and gives the title.
function planChooser(plans, onShow) {
  const rows = rowsWith("plan");
  const heading = document.getElementById("shown");
  const view = new PlanView([document.getElementById("canvas")]);
  const show = (number) => {
    const chosen = rows.find((row) => Number(row.dataset.plan) === number);
    press(rows, (row) => row === chosen);
    heading.textContent = onShow(number, chosen);
    view.show([{ plan: planOf(plans[number]) }]);
  };
  for (const row of rows) row.addEventListener("click", () => show(Number(row.dataset.plan)));
  return show;
}
