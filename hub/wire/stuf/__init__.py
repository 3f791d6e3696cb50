"""StUF 03.01: its codes, stuurgegevens, values and replies. It knows no sector model and no message of one."""
