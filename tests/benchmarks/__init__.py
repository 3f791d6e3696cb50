"""What the hub costs beside a straight-line script with the same libraries: `make bench` (python -m tests.benchmarks).

Figures of two runs, let alone of two machines, cannot be compared; the ratio of two sides that have their turns in one
run can.
"""
