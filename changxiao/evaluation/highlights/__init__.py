"""亮点: former repeat spots that stayed clean while somebody looked. `rule` finds them (pure),
`candidates` reads this home's facts and patrols, a person picks what the bulletin shows
(`actions.highlighting`), with released pictures only (`pictures`)."""
