"""Benchmarks: one command each, `./run bench NAME`; figures and commands stand in docs/performance.md."""
