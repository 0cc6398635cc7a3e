// What all pages share.
const read = (name) => JSON.parse(document.getElementById(name).textContent);
const thousands = (text) => String(text).replace(/\B(?=(\d{3})+$)/g, ",");
const plural = (count, noun) => `${thousands(count)} ${noun}${Number(count) === 1 ? "" : "s"}`;

// Let each of two maps show what the other does; who follows does not lead meanwhile.
function linkViews(canvases) {
  const view = ({ _fullLayout: { xaxis, yaxis } }) => [xaxis.range, yaxis.range];
  let leader = null;
  let isLate = false;
  canvases.forEach((canvas, k) => {
    const other = canvases[1 - k];
    const move = () => {
      if (leader !== null) {
        isLate ||= leader === k;
        return;
      }
      const [x, y] = view(canvas);
      if (String(view(other)) === String([x, y])) return;
      leader = k;
      Plotly.relayout(other, { "xaxis.range": [...x], "yaxis.range": [...y] }).then(() => {
        leader = null;
        if (!isLate) return;
        isLate = false;
        move();
      });
    };
    canvas.on("plotly_relayouting", move);
    canvas.on("plotly_relayout", move);
  });
}

function ready() {
  performance.mark("report-ready");
  document.documentElement.dataset.ready = "true";
}
