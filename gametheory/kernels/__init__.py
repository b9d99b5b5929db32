"""Arrays in, arrays out: the arithmetic of games, batch axis first, without any noun of the package."""
