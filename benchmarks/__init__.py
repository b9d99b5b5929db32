"""How fast is the toolkit beside other tools, and what do they lose? Ratios from one run, never tests."""
