"""Models that the tests of the explorer share: every kind of control, three players, tied parameters, script."""

from __future__ import annotations

from pathlib import Path

__all__ = ["CONTROLS", "HOSTILE", "SCRIPT", "THREE", "TIED", "hostile_text"]

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

THREE = """
format: gametheory/1
title: Three sides at one line
question: Who holds back where two others stand firm?
form: strategic
as_of: 2024-12-01
players:
  west: {label: The West, actions: [hold_back, stand_firm]}
  east: {label: The East, actions: [hold_back, stand_firm]}
  broker: {label: The broker, actions: [stay_out, step_in]}
parameters:
  gain: {value: 1, law: {kind: uniform, low: 0, high: 3}, unit: stakes, meaning: what one firm side wins,
    label: Gain of a firm side, source: analyst assumption, mark: A}
  loss: {value: 2, law: {kind: loguniform, low: 0.1, high: 10}, unit: stakes, meaning: loss where both are firm,
    label: Loss in a clash, source: analyst assumption, mark: A}
  help: {value: 0.5, law: {kind: uniform, low: 0, high: 1}, unit: share, meaning: share of the loss that a broker saves,
    label: What a broker saves, source: analyst assumption, mark: A}
  effort: {value: 0.3, law: {kind: discrete, values: [0.1, 0.3, 0.9], probabilities: [0.25, 0.5, 0.25]}, unit: stakes,
    meaning: what stepping in costs, label: Effort of the broker, source: analyst assumption, mark: A}
tables:
  firm_west: {over: [west], values: [0, 1]}
  firm_east: {over: [east], values: [0, 1]}
  steps_in: {over: [broker], values: [0, 1]}
quantities:
  clash: firm_west * firm_east * loss * (1 - help * steps_in)
payoffs:
  west: gain * firm_west * (1 - firm_east) - clash
  east: gain * firm_east * (1 - firm_west) - clash
  broker: -clash - effort * steps_in
"""

TIED = """
format: gametheory/1
title: Parameters that hang together
form: strategic
as_of: 2024-12-01
players:
  row: {actions: [left, right]}
  column: {actions: [left, right]}
parameters:
  gain: {value: 1, law: {kind: uniform, low: -2, high: 4}, unit: none, meaning: gain, source: example, mark: A}
  price: {value: 1, law: {kind: uniform, low: -2, high: 4}, unit: none, meaning: price, source: example, mark: A}
correlations: [{between: [gain, price], rank: 0.5, source: example, mark: A}]
rankings:
  aims: {best_to_worst: [best, middle, worst], meaning: how row ranks what may come, source: example, mark: A}
tables:
  to_left: {over: [row, column], values: [[1, 0], [0, 0]]}
  to_right: {over: [row, column], values: [[0, 0], [0, 1]]}
payoffs:
  row: (gain + best) * to_left + (1 - price) * to_right + middle - worst
  column: to_left * (2 - gain) - to_right * price
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
