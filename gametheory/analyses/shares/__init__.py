"""How often does each outcome come about?"""
