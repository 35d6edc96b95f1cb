"""Organisations 机构: departments, contractors, staff, posts, and who answers for what."""
