// A light map, drawn as SVG from plain facts: the land of each practice in the colour of its
// network, ways to hubs, numbers and towns. Places are metres; what has a size on the screen keeps
// it.
const drawing = (name, attributes = {}, content = []) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...[content].flat());
  return made;
};

const CIRCLE = [4, 13];
const NEAR = 6;
const NO_NETWORK = "#c9c9c9";
const ROOM = 22;
const BETWEEN_LABELS = 30;
const MOST_ZOOM = 60;
const BESIDE = {
  right: { dx: 5, dy: 4 }, left: { dx: -5, dy: 4 }, above: { dy: -6 }, below: { dy: 14 },
};

class DraftMap {
  // `onPick` is called with the practices that were clicked or in a box, and whether they are added
  // to those that are selected already.
  constructor(frame, facts, onPick) {
    const { cells, places, palette, colours, weights, land, towns, neighbourhoods } = facts;
    Object.assign(this, { frame, places, palette, colours, onPick, isBoxing: false });
    this.cells = cells.map((rings) => rings.map(pointsOf));
    this.segments = segmentsOf(this.cells);
    this.radii = radiiOf(weights);
    this.shifts = shiftsOf(places);
    this.rooms = this.cells.map((rings, i) => roomsOf(places[i], rings, places));
    this.home = boxAround(this.cells.flat(2));
    this.svg = drawing("svg", { "aria-hidden": "true", focusable: "false" });
    this.ground = drawing("g");
    this.ground.append(
      drawing("path", { class: "land", d: landPath(land) }),
      ...this.cells.map((rings, i) => drawing(
        "path", { class: "cell", d: rings.map(pathOf).join(""), "data-unit": i })),
      this.borders = drawing("path", { class: "borders" }),
      this.outside = drawing("path", { class: "borders outside" }),
      drawing("path", { class: "neighbourhoods", d: neighbourhoods.map(lineOf).join("") }),
      this.ways = drawing("path", { class: "ways" }));
    this.marks = drawing("g");
    this.circles = places.map((_, i) => drawing("circle", { "data-unit": i, r: this.radii[i] }, [
      drawing("title")]));
    this.order = [...this.circles.keys()].sort((a, b) => this.radii[b] - this.radii[a]);
    this.towns = towns.map(([name, x, y, side]) => (
      { x, y, text: drawing("text", { class: `town ${side}`, ...BESIDE[side] }, name) }));
    this.labels = drawing("g");
    this.numbered = [];
    this.rubber = drawing("rect", { class: "rubber", visibility: "hidden" });
    this.marks.append(
      ...this.towns.map(({ text }) => text), ...this.order.map((i) => this.circles[i]));
    this.svg.append(this.ground, this.marks, this.labels, this.rubber);
    frame.append(this.svg);
    this.listen();
    this.resized();
    new ResizeObserver(() => this.resized()).observe(frame);
  }

  // --- what is in sight -------------------------------------------------------------------------

  resized() {
    const { width, height } = this.frame.getBoundingClientRect();
    if (!width || !height) return;
    const first = !this.view;
    Object.assign(this, { width, height });
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    if (first) this.look(this.home);
    else this.place();
  }

  // Show all of a box of metres, with some room around it.
  look([west, south, east, north]) {
    const room = 0.04;
    const scale = (1 - 2 * room) * Math.min(
      this.width / Math.max(east - west, 1), this.height / Math.max(north - south, 1));
    this.widest ??= scale;
    this.view = {
      x: (west + east) / 2, y: (south + north) / 2, scale: Math.min(scale, MOST_ZOOM * this.widest),
    };
    this.place();
  }

  lookAt(units) {
    const [west, south, east, north] = boxAround(units.flatMap((i) => this.cells[i].flat()));
    this.look([west, south, east, north]);
  }

  zoom(factor, [across, down] = [this.width / 2, this.height / 2]) {
    const { scale } = this.view;
    const next = Math.min(Math.max(scale * factor, this.widest / 2), this.widest * MOST_ZOOM);
    const [x, y] = this.metres(across, down);
    this.view = {
      x: x - (across - this.width / 2) / next, y: y + (down - this.height / 2) / next, scale: next,
    };
    this.place();
  }

  pan(across, down) {
    this.view.x -= across / this.view.scale;
    this.view.y += down / this.view.scale;
    this.place();
  }

  metres(across, down) {
    const { x, y, scale } = this.view;
    return [x + (across - this.width / 2) / scale, y - (down - this.height / 2) / scale];
  }

  pixels(east, north) {
    const { x, y, scale } = this.view;
    return [(east - x) * scale + this.width / 2, (y - north) * scale + this.height / 2];
  }

  // Where a circle is: practices at one address stand around it.
  spot(i) {
    const [x, y] = this.pixels(...this.places[i]);
    return [x + this.shifts[i][0], y + this.shifts[i][1]];
  }

  place() {
    if (!this.view) return;
    const { x, y, scale } = this.view;
    const [across, down] = [this.width / 2 - x * scale, this.height / 2 + y * scale];
    this.ground.setAttribute(
      "transform", `translate(${across} ${down}) scale(${scale} ${-scale})`);
    this.circles.forEach((circle, i) => put(circle, this.spot(i), "cx", "cy"));
    for (const { x: east, y: north, text } of [...this.towns, ...this.numbered])
      put(text, this.pixels(east, north), "x", "y");
  }

  // --- what is drawn ----------------------------------------------------------------------------

  // Draw networks: each with its number, members, parts, centre and whether something is wrong.
  draw(networks, { selected, locked, describe }) {
    const owner = new Array(this.cells.length).fill(null);
    networks.forEach((network, k) => network.members.forEach((i) => (owner[i] = k)));
    const fills = this.fillsOf(networks, owner);
    this.ground.querySelectorAll(".cell").forEach((cell, i) => {
      for (const paint of ["fill", "stroke"])
        cell.setAttribute(paint, owner[i] === null ? NO_NETWORK : fills[owner[i]]);
    });
    const between = this.segments.filter(({ a, b }) => b === null || owner[a] !== owner[b]);
    this.borders.setAttribute("d", between.map(({ path }) => path).join(""));
    const isWrong = (i) => i !== null && owner[i] !== null && networks[owner[i]].isWrong;
    this.outside.setAttribute("d", between.filter(({ a, b }) => isWrong(a) || isWrong(b))
      .map(({ path }) => path).join(""));
    this.ways.setAttribute("d", networks.flatMap(({ members, centre }) => members.map(
      (i) => `M${this.places[i]}L${this.places[centre]}`)).join(""));
    const hubs = new Set(networks.map(({ centre }) => centre));
    this.circles.forEach((circle, i) => {
      circle.setAttribute("class", [
        hubs.has(i) && "hub", selected.has(i) && "selected", locked(i) && "locked",
      ].filter(Boolean).join(" "));
      circle.firstChild.textContent = describe(i);
    });
    this.numbered = [];
    for (const network of networks) this.numbered.push(this.label(network));
    this.labels.replaceChildren(...this.numbered.map(({ text }) => text));
    this.place();
  }

  // The number of a network, in its largest part where circles leave room, near the middle.
  label({ number, parts, isWrong }) {
    const [largest] = [...parts].sort((a, b) => b.length - a.length);
    const middle = [0, 1].map((axis) =>
      largest.reduce((sum, i) => sum + this.places[i][axis], 0) / largest.length);
    const apart = BETWEEN_LABELS / this.widest;
    const isFree = ({ at: [x, y] }) => this.numbered.every(
      (other) => Math.hypot(other.x - x, other.y - y) > apart);
    const every = largest.flatMap((i) => this.rooms[i]);
    const free = every.filter(isFree);
    const rooms = free.length ? free : every;
    const enough = Math.min(ROOM / this.widest, Math.max(...rooms.map(({ room }) => room)));
    const away = ({ at }) => Math.hypot(at[0] - middle[0], at[1] - middle[1]);
    const [{ at: [x, y] }] = rooms.filter(({ room }) => room >= enough)
      .sort((a, b) => away(a) - away(b));
    const kind = isWrong ? "number wrong" : "number";
    return { x, y, text: drawing("text", { class: kind }, isWrong ? `${number} !` : number) };
  }

  // The colours of the plan, where no two networks that touch have the same.
  fillsOf(networks, owner) {
    const around = networks.map(() => new Set());
    for (const { a, b } of this.segments) {
      if (b === null || owner[a] === null || owner[b] === null || owner[a] === owner[b]) continue;
      around[owner[a]].add(owner[b]);
      around[owner[b]].add(owner[a]);
    }
    const fills = [];
    networks.forEach(({ planned }, k) => {
      const taken = new Set([...around[k]].map((j) => fills[j]));
      const wanted = this.colours[planned];
      fills[k] = wanted && !taken.has(wanted) ? wanted
        : this.palette.find((each) => !taken.has(each)) ?? this.palette[0];
    });
    return fills;
  }

  // --- what one does with it ---------------------------------------------------------------------

  listen() {
    const { frame } = this;
    this.pointers = new Map();
    frame.addEventListener("pointerdown", (event) => this.pressed(event));
    frame.addEventListener("pointermove", (event) => this.dragged(event));
    for (const kind of ["pointerup", "pointercancel"])
      frame.addEventListener(kind, (event) => this.released(event, kind === "pointerup"));
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.25 : 0.8, this.at(event));
    }, { passive: false });
    frame.addEventListener("keydown", (event) => {
      const [across, up] = ARROWS[event.key] ?? [];
      if (across !== undefined) this.pan(-across * this.width, up * this.height);
      else if (event.key === "+" || event.key === "=") this.zoom(1.5);
      else if (event.key === "-") this.zoom(1 / 1.5);
      else if (event.key === "0") this.look(this.home);
      else return;
      event.preventDefault();
    });
  }

  at({ clientX, clientY }) {
    const { left, top } = this.frame.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  pressed(event) {
    if (event.button !== 0 || event.target.closest("button")) return;
    const spot = this.at(event);
    this.pointers.set(event.pointerId, spot);
    if (this.pointers.size === 1) {
      const isBox = this.isBoxing || event.shiftKey;
      this.drag = { start: spot, isBox, isMoved: false, unit: event.target.dataset?.unit };
    }
  }

  dragged(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before || !this.drag) return;
    const now = this.at(event);
    if (this.pointers.size === 2) {
      const [, other] = [...this.pointers].find(([id]) => id !== event.pointerId);
      this.drag.isMoved = true;
      const apart = (a, b) => Math.max(Math.hypot(a[0] - b[0], a[1] - b[1]), 1);
      this.zoom(apart(now, other) / apart(before, other), other);
    } else {
      const { start, isBox } = this.drag;
      if (Math.hypot(now[0] - start[0], now[1] - start[1]) > NEAR && !this.drag.isMoved) {
        this.drag.isMoved = true;
        this.frame.setPointerCapture(event.pointerId);
      }
      if (this.drag.isMoved && isBox) this.stretch(start, now);
      else if (this.drag.isMoved && event.pointerType !== "touch")
        this.pan(now[0] - before[0], now[1] - before[1]);
    }
    this.pointers.set(event.pointerId, now);
  }

  stretch(start, end) {
    const [x, y] = [0, 1].map((axis) => Math.min(start[axis], end[axis]));
    const [width, height] = [0, 1].map((axis) => Math.abs(start[axis] - end[axis]));
    for (const [key, value] of Object.entries({ x, y, width, height, visibility: "visible" }))
      this.rubber.setAttribute(key, value);
  }

  released(event, isDone) {
    const end = this.at(event);
    if (!this.pointers.delete(event.pointerId) || this.pointers.size || !this.drag) return;
    const { start, isBox, isMoved, unit } = this.drag;
    this.drag = null;
    this.rubber.setAttribute("visibility", "hidden");
    if (!isDone) return;
    if (isMoved && isBox) {
      const inside = (i) => this.spot(i).every((value, axis) =>
        value >= Math.min(start[axis], end[axis]) && value <= Math.max(start[axis], end[axis]));
      this.onPick(this.order.filter(inside), true);
    } else if (!isMoved && unit !== undefined) this.onPick([Number(unit)], false);
  }
}

const put = (mark, [x, y], across, down) => {
  mark.setAttribute(across, x.toFixed(1));
  mark.setAttribute(down, y.toFixed(1));
};

// The points of a ring, of which the first is a place and the others are steps.
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
const lineOf = (steps) => pathOf(pointsOf(steps)).slice(0, -1);

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

// Places in a cell, half the way from its practice to each corner, with the metres to the nearest
// practice.
function roomsOf(place, rings, places) {
  return [place, ...rings.flat()].map(([x, y]) => {
    const at = [(place[0] + x) / 2, (place[1] + y) / 2];
    const room = Math.min(...places.map((other) => Math.hypot(other[0] - at[0], other[1] - at[1])));
    return { at, room };
  });
}

// Areas are as the lists are.
function radiiOf(weights) {
  const most = Math.max(...weights);
  const [least, largest] = CIRCLE;
  return weights.map((weight) => Math.max(least, largest * Math.sqrt(weight / most)).toFixed(1));
}

// Steps in pixels that keep practices at one address from covering one another.
function shiftsOf(places) {
  const there = new Map();
  places.forEach((place, i) => there.set(String(place), [...(there.get(String(place)) ?? []), i]));
  const shifts = places.map(() => [0, 0]);
  for (const units of there.values())
    if (units.length > 1)
      units.forEach((i, k) => {
        const angle = (2 * Math.PI * k) / units.length;
        shifts[i] = [9 * Math.cos(angle), 9 * Math.sin(angle)];
      });
  return shifts;
}

function boxAround(points) {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const least = (values) => values.reduce((a, b) => Math.min(a, b));
  const most = (values) => values.reduce((a, b) => Math.max(a, b));
  return [least(xs), least(ys), most(xs), most(ys)];
}

// Land as the other maps of a page have it: all rings in two lists, null between any two.
function landPath(traces) {
  return traces.map(({ x, y }) => {
    let path = "";
    x.forEach((east, k) => {
      if (east !== null) path += `${k && x[k - 1] !== null ? "L" : "M"}${east} ${y[k]}`;
    });
    return path;
  }).join("");
}
