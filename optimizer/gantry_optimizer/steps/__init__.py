"""Steps of a recipe that need no package of their own."""
