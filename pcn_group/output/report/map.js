// A map in an element: drawn from a figure, with one network or all of them in full colour.
const FADED = 0.15;

// Draw a map or a chart. A map, whose axes have one scale, keeps its view whatever the window.
async function draw(canvas, figure) {
  const { xaxis, yaxis } = figure.layout;
  const isMap = Boolean(yaxis.scaleanchor);
  const home = isMap && { x: [...xaxis.range], y: [...yaxis.range] };
  if (isMap && !views.has(canvas)) addControls(canvas);
  canvas.classList.toggle("sea", figure.data.some(({ meta }) => meta?.layer === "land"));
  await Plotly.newPlot(canvas, figure.data, figure.layout, {
    responsive: !isMap,
    scrollZoom: true,
    displayModeBar: false,
    doubleClick: false,
  });
  if (isMap) views.set(canvas, new View(canvas, home));
  canvas.on("plotly_afterplot", () => scaleForPrint(canvas));
  scaleForPrint(canvas);
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

// A figure with land beneath it and towns above it, if this page has any.
function onLand({ data, layout }) {
  const { below, above } = structuredClone(read("backdrop"));
  return { data: [...below, ...data, ...above], layout };
}

class NetworkMap {
  // onPick is called with the place of a network in the plan where one is clicked, with null where
  // there is nothing.
  constructor(canvas, figure, plan, onPick) {
    this.canvas = canvas;
    this.plan = plan;
    this.layers = {};
    figure.data.forEach((trace, k) => (this.layers[trace.meta.layer] ??= []).push(k));
    this.traces = figure.data;
    this.numbers = [...figure.data[this.layers.labels[0]].text];
    Object.assign(figure.data[this.layers.ways[0]], this.ways(null));
    this.drawn = draw(canvas, figure).then(() => this.listen(onPick));
  }

  // Plotly tells of no click on empty land.
  listen(onPick) {
    let isHit = false;
    this.canvas.on("plotly_click", ({ points: [point] }) => {
      isHit = true;
      this.clicked(point, onPick);
    });
    this.canvas.onmousedown = () => (isHit = false);
    this.canvas.onclick = () => {
      if (!isHit) onPick(null);
    };
  }

  clicked(point, onPick) {
    const trace = this.traces[point.curveNumber];
    const { layer, network } = trace.meta;
    const place = layer === "areas" ? network
      : this.plan.practices[trace.customdata?.[point.pointNumber]]?.network;
    if (place >= 0 && place < this.plan.networks.length) onPick(place);
  }

  // Change a layer; with no traces named Plotly would change all there are.
  restyle(layer, change) {
    if (this.layers[layer]) Plotly.restyle(this.canvas, change, this.layers[layer]);
  }

  show(layer, isShown) {
    this.restyle(layer, { visible: isShown });
  }

  // Fill each network with a colour, hatched where it is.
  shade(colours) {
    const own = this.layers.areas.map((k) => colours[this.traces[k].meta.network]);
    this.restyle("areas", { fillcolor: own, "fillpattern.bgcolor": own });
  }

  // The lines from the practices of a network, or all, to their hubs.
  ways(place) {
    const hubs = new Map(this.plan.practices.filter(({ hub }) => hub)
      .map((practice) => [practice.network, practice]));
    const [x, y] = [[], []];
    for (const practice of this.plan.practices) {
      const hub = hubs.get(practice.network);
      if (!hub || (place !== null && practice.network !== place)) continue;
      x.push(practice.x, hub.x, null);
      y.push(practice.y, hub.y, null);
    }
    return { x, y };
  }

  // Fade all networks but one; none with null.
  isolate(place) {
    const strength = (network) => (place === null || network === place ? 1 : FADED);
    for (const layer of ["areas", "exceptions"])
      this.restyle(layer, {
        opacity: this.layers[layer]?.map((k) => strength(this.traces[k].meta.network)),
      });
    const opacity = this.traces[this.layers.practices[0]].customdata.map(
      (row) => strength(this.plan.practices[row].network));
    this.restyle("practices", { "marker.opacity": [opacity] });
    const numbers = this.numbers.map((text, k) => (strength(k) === 1 ? text : ""));
    this.restyle("labels", { text: [numbers] });
    const { x, y } = this.ways(place);
    this.restyle("ways", { x: [x], y: [y] });
  }

  // Ring a practice and bring it into sight; null takes the ring away, and goes back.
  ring(practice) {
    const [x, y] = practice ? [[practice.x], [practice.y]] : [[], []];
    this.restyle("found", { x: [x], y: [y] });
    const view = views.get(this.canvas);
    if (practice) view.reveal(practice);
    else view.restore();
  }
}
