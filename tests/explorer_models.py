"""Models that the tests of the explorer share: one with every kind of control, one that tries to run script."""

from __future__ import annotations

from pathlib import Path

__all__ = ["CONTROLS", "HOSTILE", "SCRIPT", "hostile_text"]

SCRIPT = '<img src=x onerror="window.ran=1">'
HOSTILE = f"Risk & {SCRIPT}<script>window.ran=1</script>"
REFERENCE = Path(__file__).parents[1] / "models" / "reference_involvement.yaml"

CONTROLS = """
format: gametheory/1
title: Every kind of law
form: strategic
as_of: 2024-12-01
players:
  west: {label: The West, actions: [hold_back, stand_firm]}
  east: {label: The East, actions: [hold_back, stand_firm]}
parameters:
  stake: {value: 1, law: {kind: fixed}, unit: none, meaning: what is at stake, source: analyst assumption, mark: A}
  war_risk: {value: 0.05, law: {kind: loguniform, low: 0.001, high: 0.5}, unit: probability, meaning: chance of war,
    source: analyst assumption, mark: A}
  war_loss: {value: 10, law: {kind: pert, low: 2, mode: 10, high: 100}, unit: stakes, meaning: loss in a war,
    source: analyst assumption, mark: A}
  rounds: {value: 2, law: {kind: discrete, values: [1, 2, 4], probabilities: [0.5, 0.25, 0.25]}, unit: rounds,
    meaning: how often it comes to it, source: analyst assumption, mark: A}
  noise: {value: 0, law: {kind: normal, mean: 0, sd: 0.001}, unit: none, meaning: what was left out,
    source: analyst assumption, mark: A}
constraints:
  losses_are_dear: {holds: war_loss >= 3 * stake, source: analyst assumption, mark: A}
tables:
  firm_west: {over: [west], values: [0, 1]}
  firm_east: {over: [east], values: [0, 1]}
quantities:
  war: war_risk * firm_west * firm_east
payoffs:
  west: (1 - war) * stake * (1 + firm_west - firm_east) / 2 - rounds * war * war_loss + noise
  east: (1 - war) * stake * (1 + firm_east - firm_west) / 2 - rounds * war * war_loss
"""


def hostile_text() -> str:
    """The reference model with script in every text that a page may show."""
    text = REFERENCE.read_text(encoding="utf-8")
    for old, new in (
        ("title: Involvement and response, the reference game", f"title: '{HOSTILE}'"),
        ("label: NATO\n", f"label: 'NATO {SCRIPT}'\n"),
        ("label: Decisiveness\n", f"label: 'Decisive {SCRIPT}'\n"),
        ("unit: none\n", f"unit: '{HOSTILE}'\n"),
        ("source: analyst assumption\n", f"source: '{HOSTILE}'\n"),
    ):
        if old not in text:
            raise AssertionError(f"the reference model no longer holds {old!r}")
        text = text.replace(old, new)
    return text
