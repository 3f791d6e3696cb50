"""A resolved mapping to Python code, and what that code calls.

    planner → plan      every name looked up: functions, tables, slots (shape), targets and their order
    reader, maker       write the code that reads a message into rows, and the code that makes the result of them
    writer              writes the code that turns a result into the bytes of a message
    cells, values, filling, written    what the code calls
    tracer              what the traced code calls instead
    program             runs it: plain first, traced when something is to be told

Nothing outside `hub.mapping` needs to know this room.
"""
