"""The simulated DNS: a root, the parents, a registrar's zones, Route 53's public zones, and resolvers.

Every simulated name server has a loopback address of its own, all at one high port. Answers are computed from
the world's state when they are asked for; nothing is cached.
"""
