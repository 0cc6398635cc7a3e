// The page of a trade-off curve: a click on a point, or in the table, shows its plan.
const chart = document.getElementById("curve");
const figure = read("curve-figure");
const points = structuredClone(figure.data[1]);
const show = planChooser(read("drawn"), (number) => {
  Plotly.restyle(chart, { x: [[points.x[number]]], y: [[points.y[number]]] }, [0]);
  return `Plan ${number + 1}`;
});

draw(chart, figure).then(() => {
  chart.on("plotly_click", ({ points: [{ pointNumber }] }) => show(pointNumber));
  return show(0);
}).then(ready);
