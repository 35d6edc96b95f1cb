"""事实 facts: what evaluation counts, flat tables in Parquet that anybody reads (no Django)."""
