"""The sentences of a page: the verdict, and the proof in plain words."""

from __future__ import annotations

from pcn_group.base.progress import UNSETTLED
from pcn_group.base.wording import plural
from pcn_group.output.report.document import figure
from pcn_group.output.report.facts import Facts, Proof
from pcn_group.practices.regions import ALL

__all__ = ["badge", "heading", "proof_words", "title", "verdict"]


def title(facts: Facts) -> str:
    """Say what the page is about."""
    where = f" in {_regions(facts)}" if facts.regions else ""
    if facts.is_today:
        return f"Today's primary care networks{where}"
    each = "footprint" if facts.are_footprints else "primary care network"
    return f"{plural(len(facts.networks), each)}{where}"


def heading(facts: Facts, what: str) -> str:
    """Say what a page of several plans is about: the region, and what of it."""
    where = _regions(facts) or "one region"
    return f"{where[0].upper()}{where[1:]}: {what}"


def _regions(facts: Facts) -> str:
    """Name the regions, which are one where the input was taken as one."""
    if facts.regions == (ALL,):
        return "all regions"
    names = facts.region_names
    return ", ".join(f"{names[code]}, {code}" if code in names else code for code in facts.regions)


def verdict(facts: Facts) -> str:
    """Say in a sentence what the plan is and how good it is known to be."""
    low, high = facts.band
    placed = facts.placed
    patients = sum(row.list_size for row in placed)
    form = "forms" if len(placed) == 1 else "form"
    return (
        f"{plural(len(placed), 'practice')} with {plural(patients, 'patient')} {form} "
        f"{plural(len(facts.networks), facts.each)}, {_inside(facts)} the band of {low:,} to "
        f"{high:,} patients; {_standing(facts)}."
    )


def _inside(facts: Facts) -> str:
    count, inside = len(facts.networks), len(facts.networks) - len(facts.exceptions)
    if count == 1:
        return "inside" if inside else "outside"
    return {0: "none of them", count: "all"}.get(inside, f"{inside:,} of them") + " inside"


def badge(facts: Facts) -> tuple[str, str]:
    """Return the verdict in two or three words, and what kind of news that is."""
    proof = facts.proof
    if facts.broken:
        return f"{plural(len(facts.broken), 'rule')} broken", "bad"
    if proof is None:
        return "No proof", "plain"
    known = {
        "optimal": ("Proven best", "good"),
        "within_gap": (f"Proven within {proof.percent}", "good"),
    }
    return known.get(proof.status, ("Valid, not proven best", "plain"))


def _standing(facts: Facts) -> str:
    proof = facts.proof
    if facts.broken:
        return f"the plan breaks {plural(len(facts.broken), 'rule')}"
    if proof is None:
        return "no proof belongs to this plan"
    if proof.status == "optimal":
        return f"it is proven that {_best(proof)}"
    if proof.status == "within_gap":
        return f"it is proven that no plan costs more than {proof.percent} less"
    return f"the search ended before the proof that it is the best, at a gap of {proof.percent}"


def _best(proof: Proof) -> str:
    """Say what the best plan is the best of."""
    if proof.relaxed:
        return (
            "no plan keeps the band, that none is outside it by less, and that of those none costs "
            "less"
        )
    if proof.fewest_moved is not None:
        return (
            "no plan that keeps the rules moves fewer, and that of those that move as few "
            "none costs less"
        )
    return "no plan that keeps the rules costs less"


def proof_words(facts: Facts) -> list[str]:
    """Explain the proof, a paragraph for each step of it."""
    proof = facts.proof
    if proof is None:
        return _no_proof(facts)
    amount = f"patient-{'kilometres' if facts.unit == 'km' else facts.unit}"
    cost = (
        f"Cost. The plan costs {figure(proof.cost)} {amount}: for each patient the way to "
        "the hub, measured as the rules say, and the prices that the rules set, if any."
    )
    bound = (
        f"Bound. No plan that keeps the same rules{_among(proof)} costs less than "
        f"{figure(proof.bound)} {amount}."
    )
    words = [cost, bound, _gap_words(proof)]
    if proof.certified is not None:
        words.append(_certificate_words(proof, amount))
    if proof.is_unsettled:
        words.append(f"Choice. {UNSETTLED}")
    if proof.fewest_moved is not None:
        words.append(
            f"Moves. No plan that keeps the rules moves fewer than {proof.fewest_moved} from the "
            "networks of today."
        )
    if proof.fewest_misaligned is not None and facts.fit is not None:
        words.append(_fit_words(proof.fewest_misaligned, facts.fit.figures["misaligned"]))
    limits = (
        "The proof is about the model: list sizes, locations and rules as they were given. It says "
        "nothing about what they leave out. To have all of it checked again, run pcn-group check "
        "with this plan's folder."
    )
    return [*words, limits]


def _fit_words(bound: int, misaligned: int) -> str:
    """Say that no plan fits neighbourhoods better, or how much better one might."""
    fewest = (
        f"Fit. No plan that keeps the rules has fewer than {plural(bound, 'patient')} who live in "
        "another neighbourhood than their network serves"
    )
    if bound == misaligned:
        return f"{fewest}: this plan fits best."
    return f"{fewest}. This one has {misaligned:,}; that none fits better was not proven."


def _no_proof(facts: Facts) -> list[str]:
    reason = (
        "It was not made by a search, or it was changed since, or it is looked at under other "
        "rules or with other lists than it was made with."
    )
    if facts.false_claims:
        reason = (
            f"What its files say of it is not so in {plural(facts.false_claims, 'place')}: run "
            "pcn-group check with this plan's folder, which names them."
        )
    judged = (
        f"It was judged by the rules all the same: {plural(len(facts.broken), 'rule')} broken, "
        "listed above."
        if facts.broken
        else "It was judged by the rules all the same: apart from any exceptions above, it keeps "
        "them."
    )
    return [f"No proof belongs to this plan. {reason}", judged]


def _among(proof: Proof) -> str:
    moves = " and moves as few" if proof.fewest_moved is not None else ""
    return moves + (" and has as few patients outside the band" if proof.relaxed else "")


def _gap_words(proof: Proof) -> str:
    if proof.status == "optimal":
        return f"Gap. The difference is {proof.percent}: this is the best plan."
    return (
        f"Gap. No plan costs more than {proof.percent} less than this one. It may well be the "
        "best; that was not proven."
    )


def _certificate_words(proof: Proof, amount: str) -> str:
    verified = (
        "a second, plain program verified it for this page"
        if proof.verified
        else "it was not verified again within the effort of a page"
    )
    words = (
        f"Certificate. Whole numbers in certificate.json prove a bound of "
        f"{figure(proof.certified)} {amount} on their own; {verified}."
    )
    if proof.certified is not None and proof.bound > proof.certified:
        return f"{words} What lies between that and the bound above rests on the search."
    return f"{words} Nothing rests on the search alone."
