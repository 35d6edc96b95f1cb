"""Open311 客户端: takes another city's cases over and hands ours on, by the same protocol."""
