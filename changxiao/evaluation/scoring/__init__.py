"""外部得分 scores from outside or above: handed in as a sheet, confirmed by a second person,
counted as inputs of an evaluation and sealed with it."""
