// The page of one plan: map, search and tables work together.
const plan = read("plan");
const picked = document.getElementById("picked");
const found = document.getElementById("found");
const networkRows = document.querySelectorAll("tr[data-network]");
let isolated = null;

function describe(number) {
  if (number === null) {
    const hint = "Click a network, on the map or in the table, to see it alone.";
    picked.replaceChildren(element("p", hint, { class: "hint" }));
    return;
  }
  const network = plan.networks[number];
  const own = plan.practices.filter((practice) => practice.network === number);
  const items = own.map(({ code, name, list, travel, hub }) => element("li", [
    element("b", code), ` ${name}`,
    element("small", `${plural(list, "patient")}, ${hub ? "the hub, " : ""}${travel} ${plan.unit}`),
  ]));
  const close = element("button", "Show all networks", { type: "button" });
  close.addEventListener("click", () => isolate(null));
  picked.replaceChildren(
    element("h3", `${number + 1}: ${network.name} (${network.id})`),
    element("p", `${plural(network.patients, "patient")} in ${plural(network.practices, "practice")}, ` +
      `${network.mean} ${plan.unit} on average and ${network.longest} ${plan.unit} at most.`),
    ...(network.exception ? [element("p", `Exception: ${network.exception}.`)] : []),
    element("ul", items), close);
}

function isolate(number) {
  isolated = number === isolated ? null : number;
  map.isolate(isolated);
  describe(isolated);
  for (const row of networkRows) {
    const isOn = Number(row.dataset.network) === isolated;
    row.classList.toggle("on", isOn);
    row.querySelector("button.pick").setAttribute("aria-pressed", String(isOn));
  }
}

function showPractice(number, count) {
  if (number === null) {
    found.textContent = count === 1 ? "1 practice matches." : `${count} practices match.`;
    return;
  }
  const { code, name, list, network, travel } = plan.practices[number];
  const own = network < 0 ? "in no network"
    : `in network ${plan.networks[network].id}, ${travel} ${plan.unit} from its hub`;
  found.textContent = `${code} ${name}: ${plural(list, "patient")}, ${own}.`;
  map.ring(plan.practices[number]);
}

function clearFound() {
  found.textContent = "";
  map.ring(null);
}

const map = new NetworkMap(document.getElementById("canvas"), read("figure"), plan, isolate);
const search = new PracticeSearch(document.getElementById("search"),
  document.getElementById("matches"), plan.practices, showPractice, clearFound);

for (const row of networkRows) {
  row.querySelector("button.pick").setAttribute("aria-pressed", "false");
  row.addEventListener("click", () => isolate(Number(row.dataset.network)));
}
for (const row of document.querySelectorAll("tr[data-practice]"))
  row.querySelector("button.pick").addEventListener("click", () => {
    showPractice(Number(row.dataset.practice), 1);
    document.getElementById("map").scrollIntoView();
  });
for (const box of document.querySelectorAll("input[data-layer]"))
  box.addEventListener("change", () => map.show(box.dataset.layer, box.checked));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  search.input.value = "";
  search.close();
  clearFound();
  if (isolated !== null) isolate(null);
});

describe(null);
map.drawn.then(ready);
