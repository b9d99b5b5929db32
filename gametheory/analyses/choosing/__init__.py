"""How does a player choose under uncertainty, and what is it worth to know more?"""
