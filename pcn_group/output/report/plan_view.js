// One plan of several on a map, with what is said of it and of the network picked.
class PlanView {
  constructor(plans) {
    this.plans = plans;
    this.canvas = document.getElementById("canvas");
    this.heading = document.getElementById("shown");
    this.picked = document.getElementById("picked");
    this.found = document.getElementById("found");
    this.boxes = [...document.querySelectorAll("input[data-layer]")];
    for (const box of this.boxes) box.addEventListener("change", () => this.showLayer(box));
    const practices = plans[0].plan.practices;
    this.search = new PracticeSearch(document.getElementById("search"),
      document.getElementById("matches"), practices,
      (number, count) => this.showPractice(practices[number]?.code, count),
      () => this.clearFound());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.search.input.value = "";
      this.search.close();
      this.clearFound();
      if (this.isolated !== null) this.isolate(null);
    });
  }

  show(number, title) {
    Plotly.purge(this.canvas);
    const { figure, plan } = structuredClone(this.plans[number]);
    this.map = new NetworkMap(this.canvas, figure, plan, (network) => this.isolate(network));
    this.heading.textContent = title;
    this.isolated = null;
    this.clearFound();
    this.describe();
    return this.map.drawn.then(() => this.boxes.forEach((box) => this.showLayer(box)));
  }

  showLayer(box) {
    this.map.show(box.dataset.layer, box.checked);
  }

  isolate(network) {
    this.isolated = network === this.isolated ? null : network;
    this.map.isolate(this.isolated);
    this.describe();
  }

  describe() {
    if (this.isolated === null) {
      const hint = "Click a network on the map to see it alone.";
      this.picked.replaceChildren(element("p", hint, { class: "hint" }));
      return;
    }
    const { networks, practices, unit } = this.map.plan;
    const network = networks[this.isolated];
    const own = practices.filter((practice) => practice.network === this.isolated);
    const close = element("button", "Show all networks", { type: "button" });
    close.addEventListener("click", () => this.isolate(null));
    this.picked.replaceChildren(
      element("h3", `${network.id} ${network.name}`),
      element("p", `${plural(network.patients, "patient")} in ` +
        `${plural(network.practices, "practice")}, ${network.mean} ${unit} on average.`),
      element("ul", own.map(({ code, name, list, travel, hub }) => element("li", [
        element("b", code), ` ${name}`,
        element("small", `${plural(list, "patient")}, ${hub ? "the hub, " : ""}${travel} ${unit}`),
      ]))), close);
  }

  showPractice(code, count) {
    if (code === undefined) {
      this.found.textContent = `${plural(count, "practice")} found.`;
      return;
    }
    const { practices, networks } = this.map.plan;
    const practice = practices.find((each) => each.code === code);
    const where = practice.network < 0 ? "in no network" : `in ${networks[practice.network].id}`;
    this.found.textContent =
      `${code} ${practice.name}: ${plural(practice.list, "patient")}, ${where}.`;
    this.map.ring(practice);
  }

  clearFound() {
    this.found.textContent = "";
    this.map?.ring(null);
  }
}
