// The page of all regions: two maps that move together, and a table that can be searched.
const { colours, about, pages } = read("region-map");
const regionRows = [...document.querySelectorAll("#regions tbody tr")];
const filterBox = document.getElementById("filter");
const filtered = document.getElementById("filtered");

// A map of all regions, each in the colour of its share of networks in the band.
class RegionMap extends LandMap {
  constructor(frame, fills) {
    super(frame);
    this.ground.append(...groundOf().paths.map((d, k) => drawing(
      "path", { class: "region", d, fill: fills[k], "data-region": k })));
  }

  about({ dataset: { region } }) {
    return region === undefined ? [] : about[region];
  }

  clicked({ dataset: { region } }) {
    if (pages[region]) location.href = pages[region];
  }
}

filterBox.addEventListener("input", () => {
  const sought = plain(filterBox.value.trim());
  for (const row of regionRows)
    row.hidden = !plain(row.dataset.sought).includes(sought);
  const count = regionRows.filter((row) => !row.hidden).length;
  filtered.textContent = sought ? `${plural(count, "region")} found.` : "";
});

linkViews(["today", "plans"].map(
  (name) => new RegionMap(document.getElementById(name), colours[name])));
ready();
