"""The engine: the database is the queue, the clock and the lock; Celery only makes it faster.

`advance` carries one item on; `verbs` are what people ask for; `sweep` finds what fell due; `move` is the one door
through
which a state changes. The engine knows no Celery: it hands out what is due next, and the caller nudges it.
"""
