// The page of alternatives: what is agreed, what each open pair costs, and each plan.
const agreed = document.getElementById("agreed-map");
const agreedFigure = read("agreed-figure");
const planRows = [...document.querySelectorAll("tr[data-plan]")];
const pairRows = [...document.querySelectorAll("tr[data-first]")];
const drawn = read("drawn");
const view = new PlanView(drawn);
const status = document.getElementById("open");
const all = Object.fromEntries(
  structuredClone(agreedFigure.data).map((trace) => [trace.meta.layer, trace]));
const codes = all.prices.customdata;

function press(rows, chosen) {
  for (const row of rows) {
    row.classList.toggle("on", row === chosen);
    row.querySelector("button.pick").setAttribute("aria-pressed", String(row === chosen));
  }
}

// Draw some of the open pairs, by their places among all.
function drawPairs(shown) {
  const [lines, prices] = ["lines", "prices"].map(
    (layer) => agreedFigure.data.findIndex(({ meta }) => meta.layer === layer));
  const ends = (values) => shown.flatMap((k) => values.slice(3 * k, 3 * k + 3));
  const some = (values) => shown.map((k) => values[k]);
  Plotly.restyle(agreed, { x: [ends(all.lines.x)], y: [ends(all.lines.y)] }, [lines]);
  const { x, y, hovertext, customdata } = all.prices;
  Plotly.restyle(agreed, { x: [some(x)], y: [some(y)], hovertext: [some(hovertext)],
    customdata: [some(customdata)] }, [prices]);
}

function showPair(row) {
  press(pairRows, row);
  const wanted = `${row.dataset.first} ${row.dataset.second}`;
  drawPairs([codes.findIndex((pair) => pair.join(" ") === wanted)]);
}

function showPractice(code) {
  const shown = [...codes.keys()].filter((k) => codes[k].includes(code));
  press(pairRows, null);
  drawPairs(shown);
  status.textContent = `${code}: ${plural(shown.length, "open pair")}.`;
}

function showPlan(number) {
  press(planRows, planRows.find((row) => Number(row.dataset.plan) === number));
  return view.show(number, planRows.find((row) => Number(row.dataset.plan) === number)
    .cells[0].textContent);
}

for (const row of pairRows) row.addEventListener("click", () => showPair(row));
for (const row of planRows)
  row.addEventListener("click", () => showPlan(Number(row.dataset.plan)));
press(pairRows, null);
draw(agreed, agreedFigure).then(() => {
  agreed.on("plotly_click", ({ points: [{ data, customdata }] }) => {
    if (data.meta.layer === "practices") showPractice(customdata);
  });
  drawPairs([]);
  return showPlan(0);
}).then(ready);
