"""What people send in: judged by its content, in a process of its own, before anything is kept.

Pure: no Django, no keys, no database. `receive` is the door; the rest runs behind it in a child
process with hard limits, because it takes apart what a stranger made (F28 to F30).
"""
