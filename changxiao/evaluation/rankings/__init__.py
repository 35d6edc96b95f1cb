"""排名 rankings: counts and a scheme become scores, ranks, bands and honor lists. Pure."""

from changxiao.evaluation.rankings.ranks import Past, Ranking, Row, past, rank

__all__ = ["Past", "Ranking", "Row", "past", "rank"]
