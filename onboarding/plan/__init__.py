"""What a run would do, before anything is done: rows, commands, permissions, quotas, cost, minutes."""
