"""The engine: the database is the queue, the clock and the lock; Celery only makes it faster.

In the order of an item's life: `commands` lay it out and start it (`schedule`), a worker claims it (`lease`) and
carries it on (`advance`: `context`, `ensure`, `create`, `teardown`), and `handover` writes where it goes.
`transition` is the one writer of its state; `sweep` finds what fell due. The engine knows no Celery: it hands out what
is due next, and the caller nudges it.
"""
