"""Where along one parameter do the equilibria change?"""
