// A map of networks: the land of each practice in the colour of its network, over land and sea.
const NO_NETWORK = "#c9c9c9";
const FOUND_RADIUS = 17;
const OUTSIDE_RING = 5;
const SITE = 11;
// Steps in pixels between practices at one address, which stand around it.
const BESIDE_ADDRESS = 9;
const BESIDE = {
  right: { dx: 5, dy: 4 }, left: { dx: -5, dy: 4 }, above: { dy: -6 }, below: { dy: 14 },
  over: { dy: 4 },
};

// The ground as it is stored, made ready once for all maps of a page.
const groundOf = once(() => {
  const stored = read("ground");
  const cells = (stored.cells ?? []).map((rings) => rings.map(pointsOf));
  const practices = (stored.practices ?? []).map(([code, name, list, x, y, radius, unit]) =>
    ({ code, name, list: String(list), x, y, radius, unit }));
  const shifts = shiftsOf(practices, cells);
  const shiftedOnes = practices.map((practice, k) => ({ ...practice, shift: shifts[k] }));
  const sites = (stored.sites ?? []).map(([code, name, x, y, unit]) =>
    ({ code, name, x, y, unit, radius: SITE / 2, shift: [0, 0] }));
  return {
    ...stored, practices: shiftedOnes, sites, hubs: [...shiftedOnes, ...sites],
    home: roomAround(stored.view), cells, segments: segmentsOf(cells),
    paths: cells.map((rings) => rings.map(pathOf).join("")),
  };
});

function once(make) {
  let made;
  return () => (made ??= make());
}

// A plan as it is stored, with what is known of each of its practices.
function planOf({ networkOf, travel, ...stored }) {
  const { practices } = groundOf();
  const hubs = new Set(stored.networks.map(({ hub }) => hub));
  return {
    ...stored,
    practices: practices.map((practice, k) => (
      { ...practice, network: networkOf[k], travel: travel[k], hub: hubs.has(k) })),
  };
}

// Land and sea beneath what is drawn on a map, and towns over it.
class LandMap extends MapView {
  constructor(frame) {
    super(frame, groundOf().home);
    const { land, towns } = groundOf();
    frame.classList.toggle("sea", land.length > 0);
    this.layers = { towns: [this.names(towns, "town")] };
    this.ground.append(drawing("path", { class: "land", d: land.map(ringPath).join("") }));
    this.marks.append(...this.layers.towns);
  }

  // Write names at their places, each with a dot where it is beside it.
  names(named, kind) {
    return drawing("g", { class: "names" }, named.map(([name, x, y, side]) => {
      const text = drawing("text", { class: `${kind} ${side}`, ...BESIDE[side] }, name);
      const dot = side === "over" ? [] : drawing("circle", { class: "dot", r: 2 });
      return this.add(drawing("g", {}, [dot, text].flat()), { x, y });
    }));
  }

  // Keep a mark at a place.
  add(mark, where) {
    mark.setAttribute("data-x", where.x);
    mark.setAttribute("data-y", where.y);
    this.placed.push({ mark, ...where });
    put(mark, this.sight ? this.spotOf(where) : [0, 0]);
    return mark;
  }

  // Take marks away again.
  drop(...marks) {
    const gone = new Set(marks);
    this.placed = this.placed.filter(({ mark }) => !gone.has(mark));
    for (const mark of marks) mark.remove();
  }

  show(layer, isShown) {
    for (const part of this.layers[layer] ?? []) part.classList.toggle("off", !isShown);
  }
}

class NetworkMap extends LandMap {
  constructor(frame) {
    super(frame);
    const { cells, practices, sites, neighbours, today, segments, borders, names } = groundOf();
    const own = (name) => drawing("path", { class: name });
    this.hatching = hatching();
    this.cells = cells.map((_, unit) => drawing(
      "path", { class: "cell", d: groundOf().paths[unit], "data-unit": unit }));
    this.hatched = own("hatched");
    this.hatched.style.fill = `url(#${this.hatching.firstChild.id})`;
    [this.between, this.outlines, this.today, this.neighbours, this.ways] =
      ["between", "exceptions", "today", "neighbours", "ways"].map(own);
    this.marks.prepend(this.ways);
    const edges = own("neighbourhoods");
    edges.setAttribute("d", borders.map(linePath).join(""));
    this.today.setAttribute("d", segments.filter(({ a, b }) =>
      today[a] !== (b === null ? -1 : today[b])).map(({ path }) => path).join(""));
    const at = this.placesOfUnits();
    this.neighbours.setAttribute("d", neighbours.map(([a, b]) => `M${at[a]}L${at[b]}`).join(""));
    this.ground.append(this.hatching, ...this.cells, this.hatched, this.between, this.outlines,
      this.today, edges, this.neighbours);
    this.circles = practices.map(({ code, radius, unit, x, y, shift }, k) => this.add(
      drawing("circle", { r: radius, "data-practice": k, "data-code": code, "data-unit": unit }),
      { x, y, shift }));
    this.squares = sites.map(({ name, unit, x, y }) => this.add(
      drawing("rect", {
        class: "site", x: -SITE / 2, y: -SITE / 2, width: SITE, height: SITE, "data-unit": unit,
      }, drawing("title", {}, name)), { x, y }));
    this.rings = drawing("g", { class: "rings" });
    this.labels = drawing("g", { class: "labels" });
    const named = this.names(names, "neighbourhood");
    this.found = drawing("circle", { class: "found off", r: FOUND_RADIUS });
    // The smaller a practice, the further up: none hides another.
    const order = [...practices.keys()].sort((a, b) => practices[b].radius - practices[a].radius);
    this.marks.append(
      ...order.map((k) => this.circles[k]), ...this.squares, this.rings, ...this.layers.towns,
      named, this.labels, this.found);
    Object.assign(this.layers, {
      labels: [this.labels], ways: [this.ways], neighbours: [this.neighbours],
      today: [this.today], exceptions: [this.hatched, this.outlines, this.rings],
      neighbourhoods: [edges, named],
    });
    Object.assign(this, { networks: [], owner: [], only: null });
    for (const layer of ["today", "neighbours"]) this.show(layer, false);
  }

  // Where the practice is that each unit is named after: the first of those that are in it.
  placesOfUnits() {
    const places = [];
    for (const { unit, x, y } of groundOf().practices) places[unit] ??= [x, y];
    return places;
  }

  // Draw networks: each with colour, number, the place of that, whether it is outside the band, and
  // its hub among practices and sites. `networkOf` has for each practice the place of its network among
  // these, or -1.
  draw(networks, networkOf) {
    const { practices, hubs: points } = groundOf();
    this.owner = [];
    practices.forEach(({ unit }, k) => (this.owner[unit] ??= networkOf[k]));
    Object.assign(this, { networks, networkOf, only: null });
    this.drop(...this.rings.children, ...this.labels.children);
    networks.forEach(({ isOutside, hub }, k) => {
      if (!isOutside || hub === null) return;
      const { radius, shift, x, y } = points[hub];
      this.rings.append(this.add(
        drawing("circle", { r: radius + OUTSIDE_RING / 2, "data-network": k }), { x, y, shift }));
    });
    networks.forEach(({ label, at: [x, y], isWrong }, k) => {
      const kind = isWrong ? "number wrong" : "number";
      this.labels.append(this.add(
        drawing("text", { class: kind, dy: 4, "data-network": k }, label), { x, y }));
    });
    const hubs = new Set(networks.map(({ hub }) => hub));
    [...this.circles, ...this.squares].forEach(
      (mark, k) => mark.classList.toggle("hub", hubs.has(k)));
    this.paint();
  }

  // Fill each network with a colour.
  shade(colours) {
    this.networks = this.networks.map((network, k) => ({ ...network, colour: colours[k] }));
    this.paint();
  }

  // Fade all networks but one; none with null.
  isolate(place) {
    this.only = place;
    this.paint();
  }

  isFaded(place) {
    return this.only !== null && this.only !== place;
  }

  // Put colours and lines on the land.
  paint() {
    const { networks, owner, networkOf } = this;
    const { segments, practices, paths, hubs } = groundOf();
    this.cells.forEach((cell, unit) => {
      cell.style.setProperty("--fill", networks[owner[unit]]?.colour ?? NO_NETWORK);
      cell.dataset.network = owner[unit];
      cell.classList.toggle("faded", this.isFaded(owner[unit]));
    });
    const edges = segments.filter(({ a, b }) => b === null || owner[a] !== owner[b]);
    this.between.setAttribute("d", joined(edges));
    const isMarked = (unit) => unit !== null && networks[owner[unit]]?.isOutside
      && !this.isFaded(owner[unit]);
    this.outlines.setAttribute("d", joined(
      edges.filter(({ a, b }) => isMarked(a) || isMarked(b))));
    this.hatched.setAttribute("d", paths.filter((_, unit) =>
      isMarked(unit) && networks[owner[unit]].isHatched).join(""));
    this.toHubs = practices.map((practice, k) => [practice, hubs[networks[networkOf[k]]?.hub]])
      .filter(([practice, hub], k) => hub && hub !== practice && !this.isFaded(networkOf[k]));
    this.placeWays();
    this.circles.forEach((circle, k) =>
      circle.classList.toggle("faded", this.isFaded(networkOf[k])));
    for (const mark of [...this.rings.children, ...this.labels.children])
      mark.classList.toggle("off", this.isFaded(Number(mark.dataset.network)));
  }

  place() {
    super.place();
    this.hatching?.firstChild.setAttribute("patternTransform", `scale(${1 / this.sight.scale})`);
    this.placeWays();
  }

  // Ways to hubs go from circle to circle, and these may stand beside their places.
  placeWays() {
    if (!this.sight || !this.toHubs) return;
    const spot = (practice) => this.spotOf(practice).map((value) => value.toFixed(1)).join(" ");
    this.ways.setAttribute("d", this.toHubs.map(([practice, hub]) =>
      `M${spot(practice)}L${spot(hub)}`).join(""));
  }

  // Ring a practice and bring it into sight; null takes the ring away, and goes back.
  ring(practice) {
    this.drop(this.found);
    this.found.classList.toggle("off", !practice);
    if (!practice) {
      this.restore();
      return;
    }
    this.reveal(practice);
    this.marks.append(this.add(this.found, practice));
  }
}

// The pattern over what is outside the band: lines as wide on every zoom.
function hatching() {
  hatching.count = (hatching.count ?? 0) + 1;
  const lines = drawing("path", { d: "M-2 2L2 -2M0 9L9 0M7 11L11 7" });
  return drawing("defs", {}, drawing("pattern", {
    id: `hatching-${hatching.count}`, width: 9, height: 9, patternUnits: "userSpaceOnUse",
  }, lines));
}

// --- shapes -----------------------------------------------------------------------------------

// The points of a ring or line, of which the first is a place and the others are steps.
function pointsOf(steps) {
  const points = [];
  let [x, y] = [0, 0];
  for (let k = 0; k < steps.length; k += 2) {
    [x, y] = [x + steps[k], y + steps[k + 1]];
    points.push([x, y]);
  }
  return points;
}

const pathOf = (points) => `M${points.map((point) => point.join(" ")).join("L")}Z`;
const ringPath = (steps) => pathOf(pointsOf(steps));
const linePath = (steps) => ringPath(steps).slice(0, -1);
const joined = (segments) => segments.map(({ path }) => path).join("");

// Each piece of a border once, with the one or two cells that it is between.
function segmentsOf(cells) {
  const found = new Map();
  cells.forEach((rings, cell) => rings.forEach((points) => points.slice(1).forEach((end, k) => {
    const ends = [points[k].join(" "), end.join(" ")].sort();
    const key = ends.join("L");
    if (found.has(key)) found.get(key).b = cell;
    else found.set(key, { a: cell, b: null, path: `M${key}` });
  })));
  return [...found.values()];
}

// Steps in pixels that keep practices at one address from covering one another: around it, in the
// order of their land, and the first on its own.
function shiftsOf(practices, cells) {
  const there = new Map();
  practices.forEach(({ x, y }, k) => {
    const place = `${x} ${y}`;
    there.set(place, [...(there.get(place) ?? []), k]);
  });
  const towards = ({ x, y, unit }) => {
    const points = cells[unit].flat();
    const middle = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    return Math.atan2(y - middle(1), middle(0) - x);
  };
  const shifts = practices.map(() => [0, 0]);
  for (const own of there.values()) {
    if (own.length === 1) continue;
    const angles = new Map(own.map((k) => [k, towards(practices[k])]));
    const away = Math.max(BESIDE_ADDRESS, own.length * BESIDE_ADDRESS / 4);
    own.sort((a, b) => angles.get(a) - angles.get(b)).forEach((k, place) => {
      const angle = angles.get(own[0]) + (2 * Math.PI * place) / own.length;
      shifts[k] = [away * Math.cos(angle), away * Math.sin(angle)];
    });
  }
  return shifts;
}
