"""综合评价: how well each unit keeps its order, in figures that the ranked can work out again.

Facts (`facts`) are counted by indicators (`indicators`, `counting`) on an engine; a scheme
(`schemes`, `formulas`) makes scores, ranks, bands and lists of them (`rankings`); a bundle
(`bundles`) holds all that the ranked need to do the same. None of it reaches Django.
"""
