"""通报 Bulletin: the results of one evaluation in words, on paper, in a workbook and on a phone.

Rules choose what is said (`blocks`); Word, PDF and the web page are three prints of the same
blocks, the workbook holds the same counts. `deductions` is the money slip of a contract.
"""
