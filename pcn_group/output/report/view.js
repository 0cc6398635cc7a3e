// What is in sight of a map. Plotly widens the ranges of its axes to the shape of the window and
// never narrows them again, so what was asked for is kept here, and asked for anew when the window
// changes.
const views = new Map();
const STEP = 0.2;
// How near the edge a place may be to be in sight, and is brought if it is not, as shares.
const SEEN = 0.02;
const INSIDE = 0.1;
const ARROWS = {
  ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowDown: [0, -STEP], ArrowUp: [0, STEP],
};

class View {
  constructor(canvas, home) {
    Object.assign(this, { canvas, home, box: home, before: null, asked: 0, onMove: () => {} });
    canvas.on("plotly_doubleclick", () => this.move(home));
    for (const event of ["plotly_relayouting", "plotly_relayout"])
      canvas.on(event, () => {
        if (this.asked) return;
        this.box = this.ranges();
        this.before = null;
        this.onMove();
      });
  }

  ranges() {
    const { xaxis, yaxis } = this.canvas._fullLayout;
    return { x: [...xaxis.range], y: [...yaxis.range] };
  }

  // Show all of a box; what there is around it depends on the window.
  async look(box, more = {}) {
    if (box !== this.box) this.before = null;
    this.box = box;
    this.asked += 1;
    await Plotly.relayout(this.canvas,
      { ...more, "xaxis.range": [...box.x], "yaxis.range": [...box.y] });
    this.asked -= 1;
  }

  // The same for who looks at a map that moves with this one too.
  async move(box) {
    await this.look(box);
    this.onMove();
  }

  zoom(factor) {
    const { x, y } = this.ranges();
    this.move({ x: stretched(x, factor), y: stretched(y, factor) });
  }

  pan([across, up]) {
    const { x, y } = this.ranges();
    this.move({ x: shifted(x, across), y: shifted(y, up) });
  }

  // Bring a place into sight, moving no further than that takes.
  reveal(place) {
    const { x, y } = this.ranges();
    const away = [outside(place.x, x), outside(place.y, y)];
    if (!away.some(Boolean)) return;
    const before = this.before ?? this.box;
    this.look({ x: shifted(x, away[0]), y: shifted(y, away[1]) });
    this.before = before;
  }

  // Go back to where it was before `reveal`, unless it has been moved since.
  restore() {
    if (this.before) this.look(this.before);
  }
}

// How far to go for a value that is not in a range, as a share of it.
const outside = (value, [low, high]) => {
  const share = (value - low) / (high - low);
  if (share >= SEEN && share <= 1 - SEEN) return 0;
  return share - Math.min(Math.max(share, INSIDE), 1 - INSIDE);
};

const stretched = ([low, high], factor) => {
  const [middle, half] = [(low + high) / 2, factor * (high - low) / 2];
  return [middle - half, middle + half];
};

const shifted = ([low, high], share) => [low, high].map((end) => end + share * (high - low));

// Put a frame around a map with buttons to zoom by, in which the arrow keys move it.
function addControls(canvas) {
  const view = () => views.get(canvas);
  const named = (name, more = "") => ({ "aria-label": name, title: name + more });
  const wheel = "; so does the wheel with Ctrl";
  const frame = element("div", [], { class: "zoomable" });
  canvas.replaceWith(frame);
  frame.append(canvas, element("div", [
    button("+", () => view().zoom(0.5), named("Zoom in", wheel)),
    button("−", () => view().zoom(2), named("Zoom out", wheel)),
    button("All", () => view().move(view().home), named("Show the whole map")),
  ], { class: "zoom", role: "group", "aria-label": "Zoom; arrow keys move the map" }));
  frame.addEventListener("keydown", (event) => {
    if (!(event.key in ARROWS)) return;
    event.preventDefault();
    view().pan(ARROWS[event.key]);
  });
}

// A wheel without Ctrl, and fingers, scroll the page over maps and charts too: Plotly must not hear
// of them.
for (const kind of ["wheel", "touchstart"])
  addEventListener(kind, (event) => {
    if (!event.ctrlKey && !event.metaKey && event.target.closest?.(".js-plotly-plot"))
      event.stopPropagation();
  }, { capture: true, passive: true });

// Let each of two maps show what the other does.
function linkViews(canvases) {
  const [first, other] = canvases.map((canvas) => views.get(canvas));
  first.onMove = () => other.look(first.box);
  other.onMove = () => first.look(other.box);
}

let resized;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => {
    for (const view of views.values()) view.look(view.box, { autosize: true });
  }, 100);
});
