// The page of plans side by side: what is done on one map is done on the other.
const pairs = read("pairs");
const canvases = ["first", "other"].map((name) => document.getElementById(name));
const view = new PlanView(canvases, pairs[0].sides[0].plan.practices, describeMatch);
let chosen = 0;

// Show the first plan and another.
async function choose(number) {
  chosen = number;
  for (const each of document.querySelectorAll("[data-pair]"))
    each.hidden = Number(each.dataset.pair) !== chosen;
  await view.show(pairs[chosen].sides);
  linkViews(canvases);
}

// Say what becomes of a network, and why it is outside the band in either plan.
function describeMatch(number, plans) {
  const match = pairs[chosen].matches[number];
  const [before, after] = [match.from_network, match.to_network];
  const heading = !before ? `${after} is new` : !after ? `${before} is not continued`
    : before === after ? before : `${before} becomes ${after}`;
  return [
    element("h3", `${number + 1}: ${heading}`),
    element("p", `${plural(match.from_patients, "patient")} before and ` +
      `${thousands(match.to_patients)} after: ${thousands(match.leaving_patients)} leave, ` +
      `${thousands(match.joining_patients)} join.`),
    ...plans.flatMap(({ networks }, side) =>
      networks.filter((network) => network.number === number).flatMap((network) =>
        describeException(network, side ? " in the other plan" : " in the first plan"))),
  ];
}

document.getElementById("chooser")?.addEventListener("change", ({ target }) =>
  choose(Number(target.value)));
choose(0).then(ready);
