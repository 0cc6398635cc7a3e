// The map of a plan: what is said of a practice or a network that one points at, and what moves.
class PlanMap extends NetworkMap {
  // onPick is called with the place of a network in the plan where one is clicked, with null where
  // there is nothing.
  constructor(frame, onPick) {
    super(frame);
    this.onPick = onPick;
    this.moving = drawing("g", { class: "moves" });
    this.marks.insertBefore(this.moving, this.labels);
    this.layers.moves = [this.moving];
  }

  // Show a plan, and what moves between it and another: a ring around each practice, and on the
  // second of two maps an arrow to its new hub.
  showPlan(plan, { moves = [], isSecond = false } = {}) {
    this.plan = plan;
    this.draw(plan.networks.map(({ number, colour, at, inBand, hub }) => ({
      colour, at, label: number + 1, isOutside: !inBand, isHatched: !inBand, hub,
    })), plan.practices.map(({ network }) => network));
    this.notes = new Map(moves.map(({ practice, words }) => [practice, words]));
    this.lines = [];
    this.drop(...this.moving.children);
    for (const { practice } of moves) this.showMove(practice, isSecond);
    this.place();
  }

  showMove(practice, isSecond) {
    const { x, y, radius, shift, network } = this.plan.practices[practice];
    const hub = this.plan.networks[network]?.hub;
    if (hub !== undefined && hub !== practice) {
      const line = drawing("path", { class: isSecond ? "way" : "way left" });
      this.lines.push({ line, from: this.plan.practices[practice],
        to: groundOf().hubs[hub], hasHead: isSecond });
      this.moving.append(line);
    }
    this.moving.append(this.add(drawing("circle", { r: radius + 4 }), { x, y, shift }));
  }

  // The network that a part of the map is of; -1 for none.
  networkAt({ dataset }) {
    if (dataset.practice !== undefined) return this.networkOf[dataset.practice];
    return dataset.unit === undefined ? -1 : this.owner[dataset.unit];
  }

  about(target) {
    const { practice } = target.dataset;
    if (practice !== undefined) return this.aboutPractice(Number(practice));
    const network = this.plan?.networks[this.networkAt(target)];
    return network ? [
      `${network.number + 1} ${network.name} (${network.id})`,
      `${plural(network.patients, "patient")}, ${plural(network.practices, "practice")}`,
      ...(network.exception ? ["outside the band"] : []),
    ] : [];
  }

  aboutPractice(k) {
    const { code, name, list, network, travel, hub } = this.plan.practices[k];
    const { networks, unit } = this.plan;
    const where = network < 0 ? ["in no network"] : [
      `in ${networks[network].name} (${networks[network].id})`,
      `${hub ? "the hub, " : ""}${travel} ${unit} to the hub`,
    ];
    return [
      `${code} ${name}`, plural(list, "patient"), ...where,
      ...(this.notes.has(k) ? [this.notes.get(k)] : []),
    ];
  }

  clicked(target) {
    const place = this.networkAt(target);
    this.onPick(place < 0 ? null : place);
  }

  ring(practice) {
    super.ring(practice);
    const k = practice && this.plan.practices.indexOf(practice);
    if (practice) this.showTip(this.aboutPractice(k), this.spotOf(practice));
    else this.hideTip();
  }
}
