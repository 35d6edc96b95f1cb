"""观测: counts made elsewhere (junctions, rectification, the hotline) come in as a sheet, whole or
not at all; they stand in the log as one entry a sheet, and become facts like everything else.
"""
