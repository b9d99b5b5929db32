"""How does the front page come by its picture? ``python docs/draw.py`` draws it anew and writes it beside this file."""

from __future__ import annotations

from pathlib import Path

import gametheory as gt
from gametheory import figures

NAME = "involvement_response"
WIDTH = 7.5  # inches


def main() -> None:
    """Draw who gives way where, over two uncertain numbers, and keep the digest of the model with it."""
    model = gt.load(NAME)
    labels = {player.name: player.label for player in model.players}
    labels |= {name: parameter.label or name for name, parameter in model.parameters.items()}
    frame = gt.regions(model, "escalation_risk", "credibility", order="nato")
    with figures.off_screen(WIDTH), figures.style():
        ax = figures.regions(frame, labels=labels)
        about = {"Date": None, "Title": model.title, "Description": figures.alternative(ax), "Source": model.digest}
        figure = ax.get_figure(root=True)
        if figure is not None:
            figure.savefig(Path(__file__).with_name("map.svg"), metadata=about)


if __name__ == "__main__":
    main()
