"""A record-keeping service on Python's standard library.

`model.py` says what is recorded and which rules hold; every other module is the engine that serves it.
"""
