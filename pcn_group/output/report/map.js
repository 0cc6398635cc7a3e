// A map in an element: drawn from a figure, with one network or all of them in full colour.
const FADED = 0.15;

function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  made.append(...[content].flat());
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function draw(canvas, figure) {
  return Plotly.newPlot(canvas, figure.data, figure.layout, {
    responsive: true,
    scrollZoom: true,
    displaylogo: false,
    modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
    displayModeBar: true,
    doubleClick: "reset",
  }).then(() => {
    canvas.on("plotly_afterplot", () => scaleForPrint(canvas));
    scaleForPrint(canvas);
  });
}

// The drawing scales as a picture does, so that paper of any width holds all of it.
function scaleForPrint(canvas) {
  for (const drawing of canvas.querySelectorAll(".main-svg")) {
    const [width, height] = [drawing.getAttribute("width"), drawing.getAttribute("height")];
    if (width && height) drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }
  const { width, height } = canvas._fullLayout;
  canvas.style.setProperty("--shape", `${width} / ${height}`);
}

class NetworkMap {
  // onPick is called with the number of a network where one is clicked.
  constructor(canvas, figure, plan, onPick) {
    this.canvas = canvas;
    this.plan = plan;
    this.layers = {};
    figure.data.forEach((trace, k) => (this.layers[trace.meta.layer] ??= []).push(k));
    this.traces = figure.data;
    this.numbers = [...figure.data[this.layers.labels[0]].text];
    Object.assign(figure.data[this.layers.ways[0]], this.ways(null));
    this.drawn = draw(canvas, figure).then(() =>
      canvas.on("plotly_click", (event) => this.clicked(event.points[0], onPick)));
  }

  clicked(point, onPick) {
    const trace = this.traces[point.curveNumber];
    const { layer, network } = trace.meta;
    const number = layer === "areas" ? network
      : this.plan.practices[trace.customdata?.[point.pointNumber]]?.network;
    if (number >= 0 && number < this.plan.networks.length) onPick(number);
  }

  show(layer, isShown) {
    return Plotly.restyle(this.canvas, { visible: isShown }, this.layers[layer]);
  }

  // The lines from the practices of a network, or all, to their hubs.
  ways(number) {
    const hubs = new Map(this.plan.practices.filter(({ hub }) => hub)
      .map((practice) => [practice.network, practice]));
    const [x, y] = [[], []];
    for (const practice of this.plan.practices) {
      const hub = hubs.get(practice.network);
      if (!hub || (number !== null && practice.network !== number)) continue;
      x.push(practice.x, hub.x, null);
      y.push(practice.y, hub.y, null);
    }
    return { x, y };
  }

  // Fade all networks but one; none with null.
  isolate(number) {
    const strength = (network) => (number === null || network === number ? 1 : FADED);
    const areas = this.layers.areas;
    Plotly.restyle(this.canvas,
      { opacity: areas.map((k) => strength(this.traces[k].meta.network)) }, areas);
    const [circles] = this.layers.practices;
    const opacity = this.traces[circles].customdata.map(
      (row) => strength(this.plan.practices[row].network));
    Plotly.restyle(this.canvas, { "marker.opacity": [opacity] }, [circles]);
    const numbers = this.numbers.map((text, k) => (strength(k) === 1 ? text : ""));
    Plotly.restyle(this.canvas, { text: [numbers] }, this.layers.labels);
    const { x, y } = this.ways(number);
    Plotly.restyle(this.canvas, { x: [x], y: [y] }, this.layers.ways);
    Plotly.restyle(this.canvas, { opacity: number === null ? 1 : FADED },
      this.layers.exceptions);
  }

  // Ring a practice and move it to the middle; null takes the ring away.
  ring(practice) {
    const [x, y] = practice ? [[practice.x], [practice.y]] : [[], []];
    Plotly.restyle(this.canvas, { x: [x], y: [y] }, this.layers.found);
    if (practice) this.centre(practice);
  }

  centre({ x, y }) {
    const { xaxis, yaxis } = this.canvas.layout;
    const around = (middle, [low, high]) =>
      [middle - (high - low) / 2, middle + (high - low) / 2];
    return Plotly.relayout(this.canvas, {
      "xaxis.range": around(x, xaxis.range), "yaxis.range": around(y, yaxis.range),
    });
  }
}
