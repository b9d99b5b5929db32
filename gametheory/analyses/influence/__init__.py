"""Which uncertain parameters move the equilibria, and how?"""
