// The page of a trade-off curve: a click on a point, or in the table, shows its plan.
const chart = document.getElementById("curve");
const rows = [...document.querySelectorAll("tr[data-plan]")];
const view = new PlanView(read("drawn"));

function show(number) {
  for (const row of rows) {
    const isOn = Number(row.dataset.plan) === number;
    row.classList.toggle("on", isOn);
    row.querySelector("button.pick").setAttribute("aria-pressed", String(isOn));
  }
  Plotly.restyle(chart, { x: [[points.x[number]]], y: [[points.y[number]]] }, [0]);
  return view.show(number, `Plan ${number + 1}`);
}

const figure = read("curve-figure");
const points = structuredClone(figure.data[1]);
for (const row of rows) row.addEventListener("click", () => show(Number(row.dataset.plan)));
draw(chart, figure).then(() => {
  chart.on("plotly_click", ({ points: [{ pointNumber }] }) => show(pointNumber));
  return show(0);
}).then(ready);
