// The maps of all regions, which move together.
const { colours, about, pages } = read("region-map");

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

linkViews(["today", "plans"].map(
  (name) => new RegionMap(document.getElementById(name), colours[name])));
