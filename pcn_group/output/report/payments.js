// What networks are due, to the penny, as `pcn-group budget` works it out: in integers, and like
// `judge.js` without a page.
// Round a fraction to the nearest whole, and a half up.
const halfUp = (numerator, denominator) => (2n * numerator + denominator) / (2n * denominator);

// Share a total out by largest remainder, of equal ones to the first.
function sharedOut(whole, numerators, denominator) {
  const parts = numerators.map((numerator) => numerator / denominator);
  const lost = numerators.map((numerator) => numerator % denominator);
  const order = parts.map((_, k) => k).sort(
    (a, b) => (lost[a] === lost[b] ? a - b : lost[a] > lost[b] ? -1 : 1));
  for (const k of order.slice(0, Number(whole - totalOf(parts)))) parts[k] += 1n;
  return parts;
}

// The pence of each line of the year, in all and by network.
function payments({ lines, units }, networks) {
  return lines.map((line) => {
    const held = networks.map(({ members }) => {
      const of = (basis) => total(members.map((i) => units[basis][i]));
      if (line.per !== "network") return BigInt(of(line.per));
      const isTwo = line.doubled_above !== null && of("registered") > 100 * line.doubled_above;
      return isTwo ? 200n : 100n;
    });
    const [numerator, denominator] = [line.numerator, line.denominator].map(BigInt);
    const exact = held.map((hundredths) => hundredths * numerator);
    const pence = halfUp(totalOf(exact), denominator);
    return { ...line, pence, networks: sharedOut(pence, exact, denominator) };
  });
}
