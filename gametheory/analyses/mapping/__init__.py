"""Which equilibria hold where, over two parameters?"""
