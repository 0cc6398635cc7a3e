// What is in sight of a map, and how one moves it: by buttons, keys, the wheel with Ctrl, and
// fingers. Places are metres; what has a size on the screen keeps it.
const drawing = (name, attributes = {}, content = []) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...[content].flat());
  return made;
};

const STEP = 0.2;
// How near the edge a place may be to be in sight, and is brought if it is not, as shares.
const SEEN = 0.02;
const INSIDE = 0.1;
const ROOM_AROUND = 0.025;
const MOST_ZOOM = 60;
// How far a pointer goes before it drags, in pixels.
const NEAR = 6;
// The head of an arrow, in pixels.
const ARROW = 9;
const ARROWS = {
  ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowDown: [0, -STEP], ArrowUp: [0, STEP],
};

class MapView {
  // A map in a frame: `ground` is drawn in metres, `marks` are put at places, and `lines` lead from
  // one place to another. A box is what is to be in sight: west, south, east, north.
  constructor(frame, home) {
    Object.assign(this, { frame, home, box: home, before: null, placed: [], lines: [] });
    this.onMove = () => {};
    this.svg = drawing("svg", { "aria-hidden": "true", focusable: "false" });
    this.ground = drawing("g", { class: "ground" });
    this.marks = drawing("g", { class: "marks" });
    this.svg.append(this.ground, this.marks);
    this.tip = element("div", [], { class: "tip", "aria-hidden": "true", hidden: "" });
    frame.replaceChildren(this.svg, this.tip);
    frame.tabIndex = 0;
    addControls(this);
    this.listen();
    this.resized();
    new ResizeObserver(() => this.resized()).observe(frame);
  }

  // --- what is in sight -------------------------------------------------------------------------

  resized() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height) return;
    Object.assign(this, { width, height });
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.frame.style.setProperty("--shape", `${width} / ${height}`);
    this.look(this.box, false);
  }

  // Show all of a box; what there is around it depends on the window.
  look(box, isNew = true) {
    if (isNew) this.before = null;
    this.box = box;
    if (!this.width) return;
    const [west, south, east, north] = box;
    const scale = Math.min(this.scaleOf(box), MOST_ZOOM * this.scaleOf(this.home));
    this.sight = { x: (west + east) / 2, y: (south + north) / 2, scale };
    this.place();
  }

  // The same for who looks at a map that moves with this one too.
  move(box) {
    this.look(box);
    this.onMove();
  }

  scaleOf([west, south, east, north]) {
    return Math.min(
      this.width / Math.max(east - west, 1), this.height / Math.max(north - south, 1));
  }

  // The box that is in sight, all of it.
  get ranges() {
    const { x, y, scale } = this.sight;
    const [across, up] = [this.width / scale / 2, this.height / scale / 2];
    return [x - across, y - up, x + across, y + up];
  }

  // Zoom, and leave a place on the screen where it is; by default the middle.
  zoom(factor, [across, down] = [this.width / 2, this.height / 2]) {
    const widest = this.scaleOf(this.home);
    const next = Math.min(Math.max(this.sight.scale * factor, widest / 4), widest * MOST_ZOOM);
    const [x, y] = this.metres(across, down);
    const [west, north] = [x - across / next, y + down / next];
    this.move([west, north - this.height / next, west + this.width / next, north]);
  }

  // Move what is in sight by pixels.
  pan(across, down) {
    const [east, north] = [across / this.sight.scale, -down / this.sight.scale];
    this.move(shifted(this.ranges, -east, -north));
  }

  // Bring a place into sight, moving no further than that takes.
  reveal({ x, y }) {
    const [west, south, east, north] = this.ranges;
    const [wide, high] = [east - west, north - south];
    const away = [outside((x - west) / wide), outside((y - south) / high)];
    if (!away.some(Boolean)) return;
    const before = this.before ?? this.box;
    this.look(shifted(this.ranges, away[0] * wide, away[1] * high));
    this.before = before;
  }

  // Go back to where it was before `reveal`, unless it has been moved since.
  restore() {
    if (this.before) this.look(this.before);
  }

  metres(across, down) {
    const { x, y, scale } = this.sight;
    return [x + (across - this.width / 2) / scale, y - (down - this.height / 2) / scale];
  }

  pixels(east, north) {
    const { x, y, scale } = this.sight;
    return [(east - x) * scale + this.width / 2, (y - north) * scale + this.height / 2];
  }

  // Put all where it is on the screen.
  place() {
    if (!this.sight) return;
    const { x, y, scale } = this.sight;
    const [across, down] = [this.width / 2 - x * scale, this.height / 2 + y * scale];
    this.ground.setAttribute(
      "transform", `translate(${across} ${down}) scale(${scale} ${-scale})`);
    for (const each of this.placed) put(each.mark, this.spotOf(each));
    for (const { line, from, to, hasHead } of this.lines)
      line.setAttribute("d", arrow(this.spotOf(from), this.spotOf(to), hasHead));
    this.hideTip();
  }

  // Where on the screen a mark is: some stand beside their place.
  spotOf({ x, y, shift: [across, down] = [0, 0] }) {
    const [left, top] = this.pixels(x, y);
    return [left + across, top + down];
  }

  // --- what one points at ------------------------------------------------------------------------

  // What is said of what is under the pointer, as lines of text: none by default.
  about() {
    return [];
  }

  // What is done where there is a click: nothing by default.
  clicked() {}

  showTip(lines, [across, down]) {
    this.tip.hidden = !lines.length;
    if (!lines.length) return;
    this.tip.replaceChildren(...lines.map((line, k) => element(k ? "div" : "b", line)));
    const { offsetWidth: wide, offsetHeight: high } = this.tip;
    const left = Math.min(Math.max(across - wide / 2, 4), Math.max(this.width - wide - 4, 4));
    const above = down - high - 16;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${above > 4 ? above : down + 20}px`;
  }

  hideTip() {
    this.tip.hidden = true;
  }

  // --- what one does with it ---------------------------------------------------------------------

  listen() {
    const { frame } = this;
    this.pointers = new Map();
    frame.addEventListener("pointerdown", (event) => this.pressed(event));
    frame.addEventListener("pointermove", (event) => this.dragged(event));
    frame.addEventListener("pointerleave", () => this.hideTip());
    for (const kind of ["pointerup", "pointercancel"])
      frame.addEventListener(kind, (event) => this.released(event, kind === "pointerup"));
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.25 : 0.8, this.at(event));
    }, { passive: false });
    frame.parentElement.addEventListener("keydown", (event) => {
      const [across, up] = ARROWS[event.key] ?? [];
      if (across !== undefined) this.pan(-across * this.width, up * this.height);
      else if (event.key === "+" || event.key === "=") this.zoom(1.5);
      else if (event.key === "-") this.zoom(1 / 1.5);
      else if (event.key === "0") this.move(this.home);
      else return;
      event.preventDefault();
    });
  }

  at({ clientX, clientY }) {
    const { left, top } = this.frame.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  pressed(event) {
    if (event.button !== 0) return;
    const spot = this.at(event);
    this.pointers.set(event.pointerId, spot);
    if (this.pointers.size === 1)
      this.drag = { start: spot, isMoved: false, target: event.target, isBox: this.isBox(event) };
  }

  // Whether a drag draws a box: on no map by default.
  isBox() {
    return false;
  }

  dragged(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before || !this.drag) {
      if (event.pointerType !== "touch") this.showTip(this.about(event.target), this.at(event));
      return;
    }
    const now = this.at(event);
    if (this.pointers.size === 2) this.pinch(event.pointerId, before, now);
    else {
      if (apart(now, this.drag.start) > NEAR && !this.drag.isMoved) {
        this.drag.isMoved = true;
        this.frame.setPointerCapture(event.pointerId);
      }
      if (this.drag.isMoved && this.drag.isBox) this.stretch(this.drag.start, now);
      else if (this.drag.isMoved && event.pointerType !== "touch")
        this.pan(now[0] - before[0], now[1] - before[1]);
    }
    this.pointers.set(event.pointerId, now);
  }

  // Two fingers zoom and move at once; one scrolls the page.
  pinch(id, before, now) {
    const [, other] = [...this.pointers].find(([each]) => each !== id);
    this.drag.isMoved = true;
    this.zoom(Math.max(apart(now, other), 1) / Math.max(apart(before, other), 1), other);
  }

  released(event, isDone) {
    const end = this.at(event);
    if (!this.pointers.delete(event.pointerId) || this.pointers.size || !this.drag) return;
    const { start, isBox, isMoved, target } = this.drag;
    this.drag = null;
    if (isMoved && isBox) this.boxed(start, end, isDone);
    else if (isDone && !isMoved) {
      this.clicked(target);
      this.showTip(this.about(target), end);
    }
  }
}

const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

const put = (mark, [x, y]) => {
  mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
};

// A line between two spots on the screen, with a head where it ends.
function arrow([x, y], [toX, toY], hasHead) {
  const long = Math.hypot(toX - x, toY - y) || 1;
  const [east, south] = [(toX - x) / long, (toY - y) / long];
  const [endX, endY] = [toX - 4 * east, toY - 4 * south];
  const wing = (side) => [
    endX - ARROW * east - side * ARROW / 2 * south, endY - ARROW * south + side * ARROW / 2 * east];
  const head = `M${wing(1)}L${endX},${endY}L${wing(-1)}Z`;
  return `M${x},${y}L${endX},${endY}${hasHead ? head : ""}`;
}

const shifted = ([west, south, east, north], across, up) =>
  [west + across, south + up, east + across, north + up];

// How far to go for a place that is out of sight, as shares of what is in it.
const outside = (share) => (share >= SEEN && share <= 1 - SEEN ? 0
  : share - Math.min(Math.max(share, INSIDE), 1 - INSIDE));

// A box with some room around it.
function roomAround([west, south, east, north]) {
  const room = ROOM_AROUND * Math.max(east - west, north - south);
  return [west - room, south - room, east + room, north + room];
}

// Put a frame around a map with buttons to zoom by, in which the arrow keys move it.
function addControls(map) {
  const named = (name, more = "") => ({ "aria-label": name, title: name + more });
  const wheel = "; so does the wheel with Ctrl";
  const around = element("div", [], { class: "zoomable" });
  map.frame.replaceWith(around);
  around.append(map.frame, element("div", [
    button("+", () => map.zoom(2), named("Zoom in", wheel)),
    button("−", () => map.zoom(0.5), named("Zoom out", wheel)),
    button("All", () => map.move(map.home), named("Show the whole map")),
  ], { class: "zoom", role: "group", "aria-label": "Zoom; arrow keys move the map" }));
}

// Let each of two maps show what the other does.
function linkViews([first, other]) {
  first.onMove = () => other.look(first.box);
  other.onMove = () => first.look(other.box);
}
