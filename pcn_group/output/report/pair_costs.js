// What the alternatives to the plan say of pairs of practices: whether the best plan has the two in
// one network, and what the best plan costs that has it otherwise. The cheapest come first, and last
// those that no plan within the tolerance has otherwise: their price is null. A price that is not
// settled is that of a plan; there may be a cheaper one.
class PairCosts {
  // `nameOf` gives the name of a practice by its position; `best` is the cost of the best plan.
  constructor({ within, pairs }, { nameOf, best, unit }) {
    Object.assign(this, { nameOf, best, unit });
    // In full: rounded up it would say too much.
    this.within = `${Number((100 * within).toPrecision(12))}\u00a0%`;
    this.pairs = pairs.map(([first, second, isTogether, price, isSettled]) =>
      ({ first, second, isTogether, price, isSettled }));
  }

  among(units) {
    const inside = new Set(units);
    return this.pairs.filter(({ first, second }) => inside.has(first) && inside.has(second));
  }

  // The pairs that a draft has otherwise than the best plan, where what that costs at least is known.
  otherwise(networkOf) {
    return this.pairs.filter(({ first, second, isTogether, isSettled }) =>
      isSettled && (networkOf[first] === networkOf[second]) !== isTogether);
  }

  both({ first, second }) {
    return `${this.nameOf(first)} and ${this.nameOf(second)}`;
  }

  more(price) {
    return `${figure(price, 3)} patient-${this.unit} (${percent(price / this.best, 2)}) more`;
  }

  // What is known of a pair, in words.
  about(pair) {
    const { isTogether, price, isSettled } = pair;
    const [now, other] = isTogether ? ["together", "apart"] : ["apart", "together"];
    if (price === null)
      return `${this.both(pair)} are ${now} in every plan within ${this.within} of the best.`;
    const start = `${this.both(pair)} are ${now} in the best plan;`;
    if (!price) return `${start} a plan that is as good has them ${other}.`;
    return isSettled ? `${start} the best with them ${other} costs ${this.more(price)}.`
      : `${start} one with them ${other} costs ${this.more(price)}, and a cheaper one may exist.`;
  }

  // What the pairs of a draft that keeps the rules cost at least, by the one that costs most; the
  // draft costs `more` than the best plan. Empty where nothing is known to cost anything.
  leastCost(networkOf, more) {
    const found = this.otherwise(networkOf);
    const outside = found.filter(({ price }) => price === null);
    const pair = outside[0] ?? found.at(-1);
    if (!pair || pair.price === 0) return "";
    const as = pair.isTogether ? "apart" : "together";
    const others = plural(outside.length - 1, "other pair");
    if (pair.price === null)
      return `No plan within ${this.within} of the best has ${this.both(pair)} ${as}, as this draft `
        + `has${outside.length > 1 ? `; the same is true of ${others}` : ""}.`;
    const isLeast = figure(more, 3) === figure(pair.price, 3);
    return `With ${this.both(pair)} ${as}, as here, no plan that keeps the rules costs less than `
      + `${this.more(pair.price)} than the best.`
      + (isLeast ? ` So none with the two ${as} is better than this draft.` : "");
  }
}
