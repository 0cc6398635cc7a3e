// The map of a draft: networks as they are now, their numbers where there is room, and what is
// selected. One selects by click or by a box.
const ROOM = 22;
const BETWEEN_LABELS = 30;

class DraftMap extends NetworkMap {
  // `onPick` is called with the practices that were clicked or in a box, and whether they are added
  // to those that are selected already.
  constructor(frame, { palette, colours }, onPick, about) {
    super(frame);
    Object.assign(this, { palette, colours, onPick, isBoxing: false, tell: about });
    const { cells, segments } = groundOf();
    this.places = this.placesOfUnits();
    this.rooms = cells.map((rings, i) => roomsOf(this.places[i], rings, this.places));
    this.segments = segments;
    this.widest = this.width / (this.home[2] - this.home[0]);
    this.rubber = drawing("rect", { class: "rubber off" });
    this.svg.append(this.rubber);
    this.firstOf = [];
    groundOf().practices.forEach(({ unit }, k) => (this.firstOf[unit] ??= k));
  }

  lookAt(units) {
    this.move(roomAround(boxAround(units.flatMap((i) => groundOf().cells[i].flat()))));
  }

  // Draw networks: each with its number, members, parts, centre, whether something is wrong, and
  // where its number stands on the map of the plan if it is as there.
  drawDraft(networks, { selected, locked }) {
    const owner = this.places.map(() => -1);
    networks.forEach(({ members }, k) => members.forEach((i) => (owner[i] = k)));
    const fills = this.fillsOf(networks, owner);
    const { practices } = groundOf();
    this.numbered = [];
    this.draw(networks.map((network, k) => ({
      colour: fills[k], label: network.isWrong ? `${network.number} !` : network.number,
      at: this.labelPlace(network), isOutside: network.isWrong, isWrong: network.isWrong,
      hub: this.hubOf(network),
    })), practices.map(({ unit }) => owner[unit]));
    this.mark(selected, locked);
  }

  // The hub of a network among practices and sites; null without one.
  hubOf({ centre }) {
    if (centre === null) return null;
    const { length } = groundOf().practices;
    return this.firstOf[centre] ?? length + centre - this.places.length;
  }

  // Show which practices are selected, and which are locked.
  mark(selected, locked) {
    groundOf().practices.forEach(({ unit }, k) => {
      this.circles[k].classList.toggle("selected", selected.has(unit));
      this.circles[k].classList.toggle("locked", locked(unit));
    });
  }

  // Where the number of a network is: in its largest part where circles leave room, near the middle.
  labelPlace({ parts, at: planned }) {
    if (planned) {
      this.numbered.push(planned);
      return planned;
    }
    const [largest] = [...parts].sort((a, b) => b.length - a.length);
    const middle = [0, 1].map((axis) =>
      largest.reduce((sum, i) => sum + this.places[i][axis], 0) / largest.length);
    const between = BETWEEN_LABELS / this.widest;
    const isFree = ({ at }) => this.numbered.every((other) => apart(other, at) > between);
    const every = largest.flatMap((i) => this.rooms[i]);
    const free = every.filter(isFree);
    const rooms = free.length ? free : every;
    const enough = Math.min(ROOM / this.widest, Math.max(...rooms.map(({ room }) => room)));
    const [{ at }] = rooms.filter(({ room }) => room >= enough)
      .sort((a, b) => apart(a.at, middle) - apart(b.at, middle));
    this.numbered.push(at);
    return at;
  }

  // The colours of the plan, where no two networks that touch have the same.
  fillsOf(networks, owner) {
    const around = networks.map(() => new Set());
    for (const { a, b } of this.segments) {
      if (b === null || owner[a] < 0 || owner[b] < 0 || owner[a] === owner[b]) continue;
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

  about({ dataset }) {
    return dataset.unit === undefined ? [] : this.tell(Number(dataset.unit));
  }

  clicked({ dataset }) {
    if (dataset.unit !== undefined) this.onPick([Number(dataset.unit)], false);
  }

  isBox({ shiftKey }) {
    return this.isBoxing || shiftKey;
  }

  stretch(start, end) {
    const [x, y] = [0, 1].map((axis) => Math.min(start[axis], end[axis]));
    const [width, height] = [0, 1].map((axis) => Math.abs(start[axis] - end[axis]));
    for (const [key, value] of Object.entries({ x, y, width, height }))
      this.rubber.setAttribute(key, value);
    this.rubber.classList.remove("off");
  }

  // Select the practices in a box, if it was drawn to its end.
  boxed(start, end, isDone) {
    this.rubber.classList.add("off");
    if (!isDone) return;
    const isInside = (practice) => this.spotOf(practice).every((value, axis) =>
      value >= Math.min(start[axis], end[axis]) && value <= Math.max(start[axis], end[axis]));
    const inside = groundOf().practices.filter(isInside).map(({ unit }) => unit);
    this.onPick([...new Set(inside)], true);
  }
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

function boxAround(points) {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const least = (values) => values.reduce((a, b) => Math.min(a, b));
  const most = (values) => values.reduce((a, b) => Math.max(a, b));
  return [least(xs), least(ys), most(xs), most(ys)];
}
