// The page of alternatives: what is agreed, what each open pair costs, and each plan.
const { groups, colours, pairs } = read("agreement");
const pairRows = rowsWith("first");
const opened = document.getElementById("open");
const practiceChoice = document.getElementById("practice");
const showPlan = planChooser(read("drawn"), (number, row) => row.cells[0].textContent);

// The map of what good plans agree on: groups in colour, what is open in grey, and a line for each
// open pair that is shown.
class AgreedMap extends NetworkMap {
  constructor(frame, onPick) {
    super(frame);
    this.onPick = onPick;
    this.show("labels", false);
    this.edges = drawing("path", { class: "pairs" });
    this.prices = drawing("g", { class: "prices" });
    this.ground.append(this.edges);
    this.marks.append(this.prices);
    const groupOf = new Map(groups.flatMap((group, k) => group.map((unit) => [unit, k])));
    this.draw(groups.map((_, k) => ({ colour: colours[k], label: "", at: [0, 0], hub: null })),
      groundOf().practices.map(({ unit }) => groupOf.get(unit) ?? -1));
  }

  about({ dataset: { practice, unit, pair } }) {
    if (pair !== undefined) return sentenceOf(pairs[pair]).split(": ");
    if (unit === undefined) return [];
    const group = groups[this.owner[unit]];
    const { practices } = groundOf();
    const codes = () => practices.filter((each) => group.includes(each.unit)).map(
      ({ code }) => code);
    const words = group ? `always together: ${codes().join(", ")}` : "open: with nobody always";
    if (practice === undefined) return [words];
    const { code, name, list } = practices[practice];
    return [`${code} ${name}`, plural(list, "patient"), words];
  }

  clicked({ dataset: { practice, pair } }) {
    if (practice !== undefined) this.onPick(groundOf().practices[practice].code);
    else if (pair === undefined) this.onPick("");
  }

  // Draw some of the open pairs, by their places among all.
  showPairs(shown) {
    const at = new Map(groundOf().practices.map(({ code, x, y }) => [code, [x, y]]));
    const ends = shown.map((k) => [at.get(pairs[k].first), at.get(pairs[k].second)]);
    this.edges.setAttribute("d", ends.map(([a, b]) => `M${a}L${b}`).join(""));
    this.drop(...this.prices.children);
    ends.forEach(([a, b], k) => this.prices.append(this.add(
      drawing("path", { d: "M0 -6L6 0L0 6L-6 0Z", "data-pair": shown[k] }),
      { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2 })));
  }
}

const nameOf = (code) => {
  const found = groundOf().practices.find((practice) => practice.code === code);
  return found && found.name !== code ? `${found.name} (${code})` : code;
};
const listed = (words) => (words.length < 2 ? words.join("")
  : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`);
const sentenceOf = ({ first, second, words }) => `${nameOf(first)} and ${nameOf(second)}: ${words}`;
const agreed = new AgreedMap(document.getElementById("agreed-map"), showPractice);

// Draw some of the open pairs, and say what each costs.
function showPairs(shown) {
  agreed.showPairs(shown);
  opened.replaceChildren(element("ul", shown.map((k) => element("li", sentenceOf(pairs[k])))));
}

// Draw the open pairs of a practice; those that cost the same stand together.
function showOpen(code, shown) {
  agreed.showPairs(shown);
  const others = new Map();
  for (const k of shown) {
    const { first, second, words } = pairs[k];
    others.set(words, [...(others.get(words) ?? []), first === code ? second : first]);
  }
  opened.replaceChildren(...(code ? [
    element("p", `${nameOf(code)}: ${plural(shown.length, "open pair")}.`),
    element("ul", [...others].map(([words, codes]) => element("li", [
      `With ${listed(codes.map(nameOf))}: ${words}${codes.length > 1 ? ", each" : ""}.`]))),
  ] : []));
}

function showPair(row) {
  press(pairRows, (each) => each === row);
  practiceChoice.value = "";
  const { first, second } = row.dataset;
  showPairs([pairs.findIndex((pair) => pair.first === first && pair.second === second)]);
  bringIntoSight(agreed.frame.parentElement);
}

// Show what is open about a practice; about none with nothing.
function showPractice(code) {
  press(pairRows, () => false);
  practiceChoice.value = code;
  const shown = [...pairs.keys()].filter((k) => [pairs[k].first, pairs[k].second].includes(code));
  showOpen(code, shown);
}

for (const row of pairRows) row.addEventListener("click", () => showPair(row));
const inPairs = new Set(pairs.flatMap(({ first, second }) => [first, second]));
const sorted = [...inPairs].sort((a, b) => collator.compare(nameOf(a), nameOf(b)));
practiceChoice.append(element("option", "None", { value: "" }),
  ...sorted.map((code) => element("option", nameOf(code), { value: code })));
practiceChoice.addEventListener("change", () => showPractice(practiceChoice.value));
showPractice("");
showPlan(0);
ready();
