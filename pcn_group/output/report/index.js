// The page of all regions: two maps that move together, and a table that can be searched.
const figures = read("figures");
const pages = read("pages");
const canvases = ["today", "plans"].map((name) => document.getElementById(name));
const regionRows = [...document.querySelectorAll("#regions tbody tr")];
const filterBox = document.getElementById("filter");
const filtered = document.getElementById("filtered");

function open({ points: [{ data }] }) {
  const page = pages[data.meta.region];
  if (page) location.href = page;
}

filterBox.addEventListener("input", () => {
  const sought = plain(filterBox.value.trim());
  for (const row of regionRows)
    row.hidden = !plain(row.dataset.sought).includes(sought);
  const count = regionRows.filter((row) => !row.hidden).length;
  filtered.textContent = sought ? `${plural(count, "region")} found.` : "";
});

Promise.all(canvases.map((canvas, k) => draw(canvas, onLand(figures[k])))).then(() => {
  for (const canvas of canvases) canvas.on("plotly_click", open);
  linkViews(canvases);
  ready();
});
