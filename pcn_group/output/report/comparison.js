// The page of plans side by side: what is done on one map is done on the other.
const pairs = read("pairs");
const canvases = ["first", "other"].map((name) => document.getElementById(name));
const boxes = [...document.querySelectorAll("input[data-layer]")];
const picked = document.getElementById("picked");
const found = document.getElementById("found");
let chosen = 0;
let isolated = null;
let maps = [];

// Draw the first plan and another.
function choose(number) {
  chosen = number;
  isolated = null;
  for (const each of document.querySelectorAll("[data-pair]"))
    each.hidden = Number(each.dataset.pair) !== chosen;
  maps = pairs[chosen].sides.map((side, k) => {
    Plotly.purge(canvases[k]);
    const { figure, plan } = structuredClone(side);
    return new NetworkMap(canvases[k], figure, plan,
      (network) => isolate(plan.networks[network].number));
  });
  describe();
  return Promise.all(maps.map((map) => map.drawn)).then(() => {
    linkViews(canvases);
    for (const box of boxes) showLayer(box);
  });
}

function showLayer(box) {
  for (const map of maps) map.show(box.dataset.layer, box.checked);
}

function isolate(number) {
  isolated = number === isolated ? null : number;
  for (const map of maps) {
    const network = map.plan.networks.findIndex((each) => each.number === isolated);
    map.isolate(isolated === null ? null : network);
  }
  describe();
}

function describe() {
  for (const row of document.querySelectorAll("tr[data-network]")) {
    const isOn = Number(row.dataset.network) === isolated;
    row.classList.toggle("on", isOn);
    row.querySelector("button.pick").setAttribute("aria-pressed", String(isOn));
  }
  if (isolated === null) {
    const hint = "Click a network to see it alone, on both maps.";
    picked.replaceChildren(element("p", hint, { class: "hint" }));
    return;
  }
  const match = pairs[chosen].matches[isolated];
  const [before, after] = [match.from_network, match.to_network];
  const heading = !before ? `${after} is new` : !after ? `${before} is not continued`
    : before === after ? before : `${before} becomes ${after}`;
  const close = element("button", "Show all networks", { type: "button" });
  close.addEventListener("click", () => isolate(null));
  picked.replaceChildren(
    element("h3", `${isolated + 1}: ${heading}`),
    element("p", `${plural(match.from_patients, "patient")} before and ` +
      `${thousands(match.to_patients)} after: ${thousands(match.leaving_patients)} leave, ` +
      `${thousands(match.joining_patients)} join.`), close);
}

function showPractice(code) {
  for (const map of maps) map.ring(map.plan.practices.find((practice) => practice.code === code));
  const own = maps.map(({ plan }) => {
    const practice = plan.practices.find((each) => each.code === code);
    return practice.network < 0 ? "in no network" : `in ${plan.networks[practice.network].id}`;
  });
  const { name, list } = maps[0].plan.practices.find((each) => each.code === code);
  const where = own[0] === own[1] ? `${own[0]} in both` : `first ${own[0]}, then ${own[1]}`;
  found.textContent = `${code} ${name}: ${plural(list, "patient")}, ${where}.`;
}

function clearFound() {
  found.textContent = "";
  for (const map of maps) map.ring(null);
}

const practices = pairs[0].sides[0].plan.practices;
const search = new PracticeSearch(document.getElementById("search"),
  document.getElementById("matches"), practices, (number, count) => {
    if (number === null) found.textContent = `${plural(count, "practice")} found.`;
    else showPractice(practices[number].code);
  }, clearFound);

for (const row of document.querySelectorAll("tr[data-network]"))
  row.addEventListener("click", () => isolate(Number(row.dataset.network)));
for (const row of document.querySelectorAll("tr[data-practice]"))
  row.querySelector("button.pick").addEventListener("click", () => {
    showPractice(row.dataset.practice);
    document.getElementById("map").scrollIntoView();
  });
for (const box of boxes) box.addEventListener("change", () => showLayer(box));
document.getElementById("chooser")?.addEventListener("change", ({ target }) => {
  clearFound();
  choose(Number(target.value));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  search.input.value = "";
  search.close();
  clearFound();
  if (isolated !== null) isolate(null);
});

choose(0).then(ready);
