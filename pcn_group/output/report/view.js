// What is in sight of a map. Plotly widens the ranges of its axes to the shape of the window and
// never narrows them again, so what was asked for is kept here, and asked for anew when the window
// changes.
const views = new Map();
const STEP = 0.2;
const ARROWS = {
  ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowDown: [0, -STEP], ArrowUp: [0, STEP],
};

class View {
  constructor(canvas, home) {
    Object.assign(this, { canvas, home, box: home, asked: 0, onMove: () => {} });
    canvas.on("plotly_doubleclick", () => this.move(home));
    for (const event of ["plotly_relayouting", "plotly_relayout"])
      canvas.on(event, () => {
        if (this.asked) return;
        this.box = this.ranges();
        this.onMove();
      });
  }

  ranges() {
    const { xaxis, yaxis } = this.canvas._fullLayout;
    return { x: [...xaxis.range], y: [...yaxis.range] };
  }

  // Show all of a box; what there is around it depends on the window.
  async look(box, more = {}) {
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

  centre({ x, y }) {
    const ranges = this.ranges();
    const around = (middle, [low, high]) =>
      [middle - (high - low) / 2, middle + (high - low) / 2];
    return this.move({ x: around(x, ranges.x), y: around(y, ranges.y) });
  }
}

const stretched = ([low, high], factor) => {
  const [middle, half] = [(low + high) / 2, factor * (high - low) / 2];
  return [middle - half, middle + half];
};

const shifted = ([low, high], share) => [low, high].map((end) => end + share * (high - low));

// Put a frame around a map with buttons to zoom by, in which the arrow keys move it.
function addControls(canvas) {
  const view = () => views.get(canvas);
  const named = (name) => ({ "aria-label": name, title: name });
  const frame = element("div", [], { class: "zoomable" });
  canvas.replaceWith(frame);
  frame.append(canvas, element("div", [
    button("+", () => view().zoom(0.5), named("Zoom in")),
    button("−", () => view().zoom(2), named("Zoom out")),
    button("All", () => view().move(view().home), named("Show the whole map")),
  ], { class: "zoom", role: "group", "aria-label": "Zoom; arrow keys move the map" }));
  frame.addEventListener("keydown", (event) => {
    if (!(event.key in ARROWS)) return;
    event.preventDefault();
    view().pan(ARROWS[event.key]);
  });
}

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
