"""What do the points of a design and their answers tell about each other? Arrays in, numbers out; no noun of ours.

Each file holds the estimators of one question, as functions of plain arrays with the row first, and cites its sources.
"""
