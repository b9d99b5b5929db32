"""How well do the claims of an argument stand?"""
