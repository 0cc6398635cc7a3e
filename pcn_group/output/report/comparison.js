// The page of plans side by side: what is done on one map is done on the other.
const pairs = read("pairs").map(({ sides, ...pair }) => ({ ...pair, sides: sides.map(planOf) }));
const canvases = ["first", "other"].map((name) => document.getElementById(name));
const view = new PlanView(canvases, describeMatch);
let chosen = 0;

// Show the first plan and another.
function choose(number) {
  chosen = number;
  for (const each of document.querySelectorAll("[data-pair]"))
    each.hidden = Number(each.dataset.pair) !== chosen;
  const { sides, moves, matches } = pairs[chosen];
  const numbered = (place, side) =>
    `${place + 1} ${matches[place][side ? "to_network" : "from_network"]}`;
  const told = moves.map(([practice, from, to]) => (
    { practice, words: `moves from ${numbered(from, 0)} to ${numbered(to, 1)}` }));
  view.show(sides.map((plan, side) => ({ plan, moves: told, isSecond: side === 1 })));
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
choose(0);
linkViews(view.maps);
ready();
