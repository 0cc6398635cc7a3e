// The rules, applied to a draft: the same findings, in the same words, and the same figures as
// `pcn-group check` gives. Plain values in, plain values out: nothing here knows of a page.
// A network is { id, members }, its members ascending positions; a draft has each position once at
// most. Amounts that add up beyond 2^53 are BigInt.
const UNREACHED = 2 ** 32 - 1;
const ARRAYS = { Uint32Array, Float64Array };

function decoded({ kind, bytes }) {
  const text = atob(bytes);
  const raw = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) raw[k] = text.charCodeAt(k);
  const values = new ARRAYS[kind](raw.buffer);
  return kind === "Uint32Array"
    ? Float64Array.from(values, (value) => (value === UNREACHED ? Infinity : value)) : values;
}

const ascending = (a, b) => a - b;
const byId = ({ id: a }, { id: b }) => (a < b ? -1 : Number(a > b));
const total = (values) => values.reduce((sum, value) => sum + value, 0);
const totalOf = (values) => values.reduce((sum, value) => sum + value, 0n);

// Round as Python does: of two equally near, to the even one.
function rounded(value, digits) {
  const halves = value * 2 ** (digits + 1);
  if (!Number.isInteger(halves) || halves % 2 === 0) return value.toFixed(digits);
  const low = Math.floor(value * 10 ** digits);
  return ((low + Math.abs(low % 2)) / 10 ** digits).toFixed(digits);
}

// A number as people read it: thousands apart, a fixed number of decimals.
function figure(value, digits = 0) {
  if (!Number.isFinite(value)) return "out of reach";
  const [whole, decimals] = rounded(value, digits).split(".");
  return thousands(whole) + (decimals ? `.${decimals}` : "");
}

class Judge {
  constructor(problem) {
    Object.assign(this, problem, { n: problem.codes.length });
    // Hubs are practices, then sites; the anchor of a site is the practice in whose area it lies.
    this.anchors = [...problem.codes.keys(), ...problem.sites.map(({ anchor }) => anchor)];
    [this.cost, this.travel] = [problem.cost, problem.travel].map(decoded);
    this.fixedNames = new Set(problem.fixed.map(String));
    this.kept = new Set(problem.fixed.flat());
    this.living = problem.neighbourhoods?.patients ?? null;
  }

  patients(members) {
    return total(members.map((i) => this.weights[i]));
  }

  named(members) {
    return members.map((i) => this.codes[i]).join(", ");
  }

  isFixed(members) {
    return this.fixedNames.has(String(members));
  }

  // Whether a network is one practice that no network could hold.
  isOversize(members) {
    const most = this.size.alone_above ?? this.size.largest;
    return members.length === 1 && !this.kept.has(members[0]) && this.patients(members) > most;
  }

  // Judge a draft by all rules. Networks without members are left out.
  judge(draft) {
    const networks = draft.filter(({ members }) => members.length).sort(byId)
      .map((network) => this.described(network));
    const found = [
      ...this.coverage(networks),
      ...networks.flatMap((network) => [
        ...this.contiguity(network), ...this.band(network), ...this.furtherBands(network),
        ...this.limits(network),
        ...this.apartness(network)]),
      ...this.togetherness(networks), ...this.fixedness(networks), ...this.planLimits(networks),
      ...this.alignment(networks), ...this.moveLimits(networks),
    ];
    const costs = networks.map(({ cost }) => cost);
    return {
      findings: [...found.filter((it) => it.isBroken), ...found.filter((it) => !it.isBroken)],
      holds: !found.some((it) => it.isBroken),
      networks,
      cost: costs.includes(null) ? null : totalOf(costs),
      mean: total(networks.map(({ mean, patients }) => mean * patients))
        / total(networks.map(({ patients }) => patients)),
      longest: Math.max(0, ...networks.map(({ longest }) => longest)),
      outside: this.outside(networks),
      fit: this.fit(networks),
    };
  }

  described({ id, members }) {
    const patients = this.patients(members);
    const hub = this.hub(members, patients);
    const anchor = this.anchors[hub.place];
    const ordered = [anchor, ...members.filter((i) => i !== anchor)];
    const ways = ordered.map((i) => this.travelTo(hub.place, i));
    const walked = ordered.map((i, k) => this.weights[i] * ways[k]);
    const { band_min: least, band_max: most } = this.size;
    return {
      id, members, patients,
      practices: total(members.map((i) => this.practices[i])),
      parts: this.parts(members),
      hub: hub.isAllowed ? hub.place : null,
      centre: hub.place,
      cost: hub.isAllowed ? this.networkCost(members, patients, hub.travel) : null,
      mean: total(walked) / patients / this.steps,
      longest: Math.max(...ways) / this.steps,
      inBand: least <= patients && patients <= most
        && !this.figure_limits.some((limit) => excess(limit, members) > 0),
      outside: Math.max(0, least - patients, patients - most),
      authorities: [...new Set(members.map((i) => this.authorities[i]).filter(Boolean))].sort(),
      ...this.serving(members),
    };
  }

  // Travel from a practice to a hub, in metres or seconds.
  travelTo(hub, i) {
    return this.travel[i * this.anchors.length + hub];
  }

  // What may be the hub of a network: its practices, and sites in their areas that have room.
  hubs(members, patients) {
    const sites = this.sites.map(({ anchor, capacity }, k) => (
      members.includes(anchor) && patients <= (capacity ?? Infinity) ? this.n + k : null));
    return [...members, ...sites.filter((hub) => hub !== null)];
  }

  // The hub of least cost, the first of equals; one that all may have comes before others.
  hub(members, patients) {
    let best = null;
    for (const place of this.hubs(members, patients)) {
      const costs = members.map((i) => this.cost[i * this.anchors.length + place]);
      const allowed = costs.filter(Number.isFinite);
      const [barred, travel] = [costs.length - allowed.length, total(allowed)];
      if (!best || barred < best.barred || (barred === best.barred && travel < best.travel))
        best = { place, barred, travel, isAllowed: barred === 0 };
    }
    return best;
  }

  networkCost(members, patients, travel) {
    let cost = BigInt(travel);
    if (this.price_elsewhere)
      cost += BigInt(this.price_elsewhere) * BigInt(this.serving(members).misaligned);
    if (this.isOversize(members) || this.isFixed(members)) return cost;
    for (const { at, below, above } of this.size.hinges)
      cost += patients < at ? BigInt(below) * BigInt(at - patients)
        : BigInt(above) * BigInt(patients - at);
    for (const limit of this.figure_limits)
      cost += (BigInt(limit.price) * BigInt(excess(limit, members))) / BigInt(limit.unit);
    return cost;
  }

  // The connected parts of a network, each ascending.
  parts(members) {
    const left = new Set(members);
    const parts = [];
    for (const start of members) {
      if (!left.delete(start)) continue;
      const part = [start];
      for (const i of part)
        for (const j of this.neighbours[i]) if (left.delete(j)) part.push(j);
      parts.push(part.sort(ascending));
    }
    return parts;
  }

  coverage(networks) {
    const placed = new Set(networks.flatMap(({ members }) => members));
    const missing = this.codes.map((_, i) => i).filter((i) => !placed.has(i));
    if (!missing.length) return [];
    const message = missing.length === 1 ? "is in no network" : "are in no network";
    return [broken("coverage", this.named(missing), message, missing)];
  }

  contiguity({ id, members, parts }) {
    if (parts.length === 1) return [];
    const named = parts.map((part) => this.named(part)).join("; ");
    const message = `is not contiguous, it has ${parts.length} parts: ${named}`;
    return [finding("contiguity", id, message, !this.isFixed(members), members)];
  }

  band({ id, members, patients }) {
    const { band_min: least, band_max: most, smallest, largest } = this.size;
    if (this.isOversize(members)) {
      const what = `is one practice of ${thousands(patients)} patients`;
      return [finding("band", id, `${what}, more than any network may have`, false, members)];
    }
    if (least <= patients && patients <= most) return [];
    let message = `has ${thousands(patients)} patients, ` + (patients < least
      ? `${thousands(least - patients)} short of ${thousands(least)}`
      : `${thousands(patients - most)} above ${thousands(most)}`);
    if (patients < smallest && smallest < least)
      message += `, and under the floor of ${thousands(smallest)}`;
    if (patients > largest && largest > most)
      message += `, and over the ceiling of ${thousands(largest)}`;
    if (this.isFixed(members))
      return [finding("band", id, `${message}, and is fixed`, false, members)];
    const isAllowed = smallest <= patients && patients <= largest;
    const { avoid_below, avoid_above } = this.size;
    const mayGiveWay = patients < least ? avoid_below : avoid_above;
    message += isAllowed ? ", at a price" : "";
    return [{ ...finding("band", id, message, !isAllowed, members), mayGiveWay }];
  }

  furtherBands({ id, members }) {
    return this.figure_limits.filter((limit) => excess(limit, members) > 0).map((limit) => {
      const [amount, parts] = fraction({ ...limit, amounts: limit.figure_amounts }, members);
      const [at, whole] = limit.at.map(BigInt);
      const [value, away, edge] = [
        [amount, parts], [amount * whole - at * parts, parts * whole], [at, whole],
      ].map(quotient);
      const side = limit.side === "min" ? "under" : "over";
      const message = `${limit.title} ${figureText(value)}, ${figureText(Math.abs(away))} ${side} `
        + figureText(edge);
      const why = this.whyBeyond(limit, members);
      return { ...finding("band", id, message + why, !why, members), mayGiveWay: limit.avoid };
    });
  }

  // Why a network may be beyond a side of a further band; empty where it may not.
  whyBeyond(limit, members) {
    if (this.isOversize(members)) return ", as one practice alone";
    if (this.isFixed(members)) return ", and is fixed";
    return limit.is_priced ? ", at a price" : "";
  }

  limits({ id, members, patients, hub }) {
    const found = [];
    if (members.length > this.max_practices && !this.isFixed(members)) {
      const message = `has ${members.length} practices, more than ${this.max_practices}`;
      found.push(broken("practices", id, message, members));
    }
    const hubs = this.hubs(members, patients);
    const isBarred = (place) =>
      this.cost[this.anchors[place] * this.anchors.length + place] === Infinity;
    const [none, one] = this.sites.length ? ["practice and no site", "practice or site"]
      : ["practice", "practice"];
    if (hubs.every(isBarred))
      found.push(broken("hub", id, `has no ${none} that may be a hub`, members));
    else if (hub === null)
      found.push(broken("travel", id, `has no ${one} within reach of all others`, members));
    return found;
  }

  apartness({ id, members }) {
    const inside = new Set(members);
    return this.apart.filter((pair) => pair.every((i) => inside.has(i))).map((pair) => {
      const both = pair.map((i) => this.codes[i]).join(" and ");
      return broken("apart", id, `has both ${both}, which are to be apart`, pair);
    });
  }

  togetherness(networks) {
    return this.together.flatMap((group) => {
      const places = holding(networks, group);
      if (places.length < 2) return [];
      const message = `are to be in one network, but are in ${places.join(", ")}`;
      return [broken("together", this.named(group), message, group)];
    });
  }

  fixedness(networks) {
    return this.fixed.map((group) => {
      const own = networks.find(({ members }) => String(members) === String(group));
      if (own) return finding("fixed", own.id, "is fixed as it is", false, group);
      const [what, which] = group.length === 1
        ? ["is fixed as a network of its own", "is not one"]
        : ["are fixed as a network", "are not one"];
      const places = holding(networks, group).join(", ") || "none";
      const message = `${what}, but ${which}: see ${places}`;
      return broken("fixed", this.named(group), message, group);
    });
  }

  planLimits(networks) {
    return this.plan_limits.flatMap((limit) => {
      if (limit.counts_patients || limit.neighbourhood !== null) return [];
      const { step, total: most, areas } = limit;
      const counts = ({ members }) => !areas
        || new Set(members.map((i) => areas[i]).filter((area) => area >= 0)).size > 1;
      const counted = networks.filter(counts).length;
      if (step * counted <= most) return [];
      const message = areas
        ? `has ${plural(counted, "network")} with practices in two or more local authorities, `
          + `and may have ${thousands(most)} (limits.authorities)`
        : `has ${plural(counted, "network")}, and is to have ${step > 0 ? "at most" : "at least"} `
          + `${thousands(Math.abs(most))} (limits.networks)`;
      return [broken("networks", "the plan", message, [])];
    });
  }

  alignment(networks) {
    return this.plan_limits.flatMap(({ step, total: most, counts_patients, neighbourhood }) => {
      if (neighbourhood !== null) return this.served(networks, step, most, neighbourhood);
      const elsewhere = total(networks.map(({ misaligned }) => misaligned));
      if (!counts_patients || elsewhere <= most) return [];
      const message = `has ${plural(elsewhere, "patient")} who live in another neighbourhood than `
        + `their network serves, and may have ${thousands(most)} (limits.min_aligned)`;
      return [broken("neighbourhoods", "the plan", message, [])];
    });
  }

  served(networks, step, most, neighbourhood) {
    const serving = networks.filter(({ serves }) => serves === neighbourhood).map(({ id }) => id);
    if (step * serving.length <= most) return [];
    const message = (serving.length ? `is served by ${serving.join(", ")}`
      : "is served by no network") + ", and is to be by one (neighbourhoods.networks)";
    return [broken("neighbourhoods", this.neighbourhoods.codes[neighbourhood], message, [])];
  }

  // The neighbourhood that most patients of a network live in, the first of equals, and how many
  // live in it and in others.
  serving(members) {
    if (!this.living) return { serves: null, aligned: 0, misaligned: 0 };
    const sums = this.living[0].map((_, a) => total(members.map((i) => this.living[i][a])));
    const aligned = Math.max(...sums);
    return { serves: sums.indexOf(aligned), aligned, misaligned: total(sums) - aligned };
  }

  // How well all networks fit neighbourhoods; null without a map of these.
  fit(networks) {
    if (!this.living) return null;
    const [aligned, misaligned] = ["aligned", "misaligned"].map(
      (name) => total(networks.map((network) => network[name])));
    return { aligned, misaligned };
  }

  moveLimits(networks) {
    const moves = this.movesFromToday(networks);
    return ["patients", "practices"].flatMap((what) => {
      const most = this.may_move[what];
      if (most === null) return [];
      const amount = moves?.[what] ?? 0;
      const message = `moves ${plural(amount, what.slice(0, -1))}, and may move `
        + `${thousands(most)} (limits.max_moved_${what})`;
      return [finding("moves", "the plan", message, amount > most, moves?.members ?? [])];
    });
  }

  // What moves from the networks of today; null where no practice has one that it could leave.
  movesFromToday(networks) {
    if (!this.today.some((label, i) => label && !this.free.includes(i))) return null;
    return this.moves(grouped(this.today), networks, this.free);
  }

  // What moves from one plan to another, where networks continue others so that the fewest do.
  moves(first, second, free = []) {
    const amounts = this.amounts(free);
    const shared = first.map((from) => second.map(
      (to) => total(from.members.filter((i) => to.members.includes(i)).map((i) => amounts[i]))));
    const continued = assigned(shared);
    const flows = first.flatMap((from, a) => second.flatMap((to, b) => {
      const stays = continued[a] === b && shared[a][b] > 0;
      const members = from.members.filter((i) => to.members.includes(i) && !free.includes(i));
      return stays || !members.length ? [] : [{ from: from.id, to: to.id, members }];
    }));
    const members = flows.flatMap((flow) => flow.members).sort(ascending);
    return {
      flows, members, patients: this.patients(members),
      practices: total(members.map((i) => this.practices[i])),
    };
  }

  // What each practice counts for the matching: patients and then practices, or the other way.
  amounts(free) {
    const { practices_first } = this.may_move;
    const [main, then] = practices_first ? [this.practices, this.weights]
      : [this.weights, this.practices];
    const scale = total(then) + 1;
    return main.map((amount, i) => (free.includes(i) ? 0 : amount * scale + then[i]));
  }

  // What networks have outside the sides of bands that may give way: patients short, patients
  // above, and in units of their own what is beyond each further band.
  outside(networks) {
    const { smallest, largest, avoid_below, avoid_above } = this.size;
    const counted = networks.filter(
      ({ members }) => !this.isFixed(members) && !this.isOversize(members));
    const sum = (missing) => total(counted.map((network) => Math.max(0, missing(network))));
    return [
      avoid_below ? sum(({ patients }) => smallest - patients) : 0,
      avoid_above ? sum(({ patients }) => patients - largest) : 0,
      ...this.figure_limits.map((limit) =>
        (limit.avoid ? sum(({ members }) => excess(limit, members)) : 0)),
    ];
  }
}

// What keeps the bound of a proof from being about a draft: a rule that is broken, where none has
// to be. Bands may have to give way by as much as in the plan that was proven, and no more.
function obstacle({ findings, outside }, proof) {
  const isAsFew = String(outside) === String(proof.outside);
  const found = findings.filter(({ isBroken }) => isBroken);
  return found.find(({ mayGiveWay }) => !isAsFew || !mayGiveWay) ?? null;
}

const finding = (rule, where, message, isBroken, members) =>
  ({ rule, where, message, isBroken, members });
const broken = (rule, where, message, members) => finding(rule, where, message, true, members);

// By how much a network exceeds one side of a further band, in units of its own.
const excess = ({ amounts, limit }, members) =>
  Math.max(0, total(members.map((i) => amounts[i])) - limit);

// A figure of a network, as numerator and denominator; of a mean or share known of nobody 0 of 0.
const fraction = ({ adds, amounts, base, scale }, members) => {
  const patients = adds === "sum" ? 1 : total(members.map((i) => base[i]));
  return [BigInt(total(members.map((i) => amounts[i]))), BigInt(scale) * BigInt(patients)];
};

// A fraction as the nearest number that there is.
function quotient([numerator, denominator]) {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b) [a, b] = [b, a % b];
  return a ? Number(numerator / a) / Number(denominator / a) : 0;
}

// A value to three decimals, or as many as it takes to be seen.
function figureText(value) {
  const size = Math.abs(value);
  if (size === 0 || size >= 0.001) return figure(value, 3).replace(/\.?0+$/, "");
  const [digits, exponent] = value.toExponential(1).split("e");
  if (Number(exponent) >= -4) return String(Number(value.toExponential(1)));
  return `${digits.replace(/\.0$/, "")}e-${String(-exponent).padStart(2, "0")}`;
}

const holding = (networks, group) =>
  networks.filter(({ members }) => group.some((i) => members.includes(i))).map(({ id }) => id);

// The networks that labels of practices make up.
function grouped(labels) {
  const networks = new Map();
  labels.forEach((id, i) => {
    if (id) networks.set(id, [...(networks.get(id) ?? []), i]);
  });
  return [...networks].map(([id, members]) => ({ id, members })).sort(byId);
}

// The column that each row is assigned to, so that the sum of the values is the largest; null where
// columns are too few. The Hungarian method, by shortest augmenting paths.
function assigned(values) {
  const [rows, columns] = [values.length, values[0]?.length ?? 0];
  if (rows > columns) {
    const turned = assigned(Array.from({ length: columns }, (_, b) => values.map((row) => row[b])));
    return values.map((_, a) => (turned.includes(a) ? turned.indexOf(a) : null));
  }
  const [u, v] = [new Array(rows + 1).fill(0), new Array(columns + 1).fill(0)];
  const rowOf = new Array(columns + 1).fill(0);
  for (let row = 1; row <= rows; row += 1) {
    const least = new Array(columns + 1).fill(Infinity);
    const [cameFrom, isUsed] = [[], []];
    let column = 0;
    rowOf[0] = row;
    while (rowOf[column]) {
      isUsed[column] = true;
      let [step, next] = [Infinity, 0];
      for (let b = 1; b <= columns; b += 1) {
        if (isUsed[b]) continue;
        const reduced = -values[rowOf[column] - 1][b - 1] - u[rowOf[column]] - v[b];
        if (reduced < least[b]) [least[b], cameFrom[b]] = [reduced, column];
        if (least[b] < step) [step, next] = [least[b], b];
      }
      for (let b = 0; b <= columns; b += 1)
        if (isUsed[b]) {
          u[rowOf[b]] += step;
          v[b] -= step;
        } else least[b] -= step;
      column = next;
    }
    while (column) {
      rowOf[column] = rowOf[cameFrom[column]];
      column = cameFrom[column];
    }
  }
  const columnOf = new Array(rows).fill(null);
  for (let b = 1; b <= columns; b += 1) if (rowOf[b]) columnOf[rowOf[b] - 1] = b - 1;
  return columnOf;
}

// How much better than a draft any plan can be, in hundredths of a per cent, rounded up.
function mostBetter(cost, bound) {
  const gap = cost - BigInt(bound);
  return gap <= 0n ? 0 : Number((gap * 10000n + cost - 1n) / cost);
}
