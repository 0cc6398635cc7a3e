// The page of alternatives: what is agreed, what each open pair costs, and each plan.
const agreed = document.getElementById("agreed-map");
const figure = onLand(read("agreed-figure"));
const all = Object.fromEntries(
  structuredClone(figure.data).map((trace) => [trace.meta.layer, trace]));
const codes = all.prices.customdata;
const pairRows = rowsWith("first");
const opened = document.getElementById("open");
const practiceChoice = document.getElementById("practice");
const showPlan = planChooser(read("drawn"), (number, row) => row.cells[0].textContent);

// Draw some of the open pairs, by their places among all, and say what each costs.
function showPairs(shown, heading) {
  const [lines, prices] = ["lines", "prices"].map(
    (layer) => figure.data.findIndex(({ meta }) => meta.layer === layer));
  const ends = (values) => shown.flatMap((k) => values.slice(3 * k, 3 * k + 3));
  const some = (values) => shown.map((k) => values[k]);
  Plotly.restyle(agreed, { x: [ends(all.lines.x)], y: [ends(all.lines.y)] }, [lines]);
  const { x, y, hovertext, customdata, meta: { words } } = all.prices;
  Plotly.restyle(agreed, { x: [some(x)], y: [some(y)], hovertext: [some(hovertext)],
    customdata: [some(customdata)] }, [prices]);
  opened.replaceChildren(
    ...(heading ? [element("p", heading)] : []),
    element("ul", some(words).map((sentence) => element("li", sentence))));
}

function showPair(row) {
  press(pairRows, (each) => each === row);
  practiceChoice.value = "";
  const wanted = `${row.dataset.first} ${row.dataset.second}`;
  showPairs([codes.findIndex((pair) => pair.join(" ") === wanted)], "");
  bringIntoSight(agreed.closest(".zoomable"));
}

// Show what is open about a practice; about none with nothing.
function showPractice(code) {
  press(pairRows, () => false);
  practiceChoice.value = code;
  const shown = [...codes.keys()].filter((k) => codes[k].includes(code));
  showPairs(shown, code && `${code}: ${plural(shown.length, "open pair")}.`);
}

for (const row of pairRows) row.addEventListener("click", () => showPair(row));
practiceChoice.append(element("option", "None", { value: "" }),
  ...[...new Set(codes.flat())].sort().map((code) => element("option", code, { value: code })));
practiceChoice.addEventListener("change", () => showPractice(practiceChoice.value));
draw(agreed, figure).then(() => {
  agreed.on("plotly_click", ({ points: [{ data, customdata }] }) => {
    if (data.meta.layer === "practices") showPractice(customdata);
  });
  showPractice("");
  return showPlan(0);
}).then(ready);
