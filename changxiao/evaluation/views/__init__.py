"""评价页: evaluations and their rankings, a cell and its cases, objections, schemes."""
