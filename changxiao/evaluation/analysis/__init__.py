"""研判: pages of analysts over the facts of this home: pivot, hot spots, forecast, lasting effect.

What they show is counted in `outlook/` and `lasting/`, which know no Django; here it gets names,
addresses and tables. Nothing of it is judged: rankings are the business of the rest of the room.
"""
