"""Suggestions 建议 that learn: a label for a text with score and reasons; likely duplicates.

Everything here but `fitting` is pure Python and numpy, so that a page can ask without loading what
learns. `fitting` alone imports scikit-learn. No database, no clock; a model is a file of numbers
(`storing`) and loading it executes nothing.
"""
