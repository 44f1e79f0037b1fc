# Aliases for ./run, which says what each does.
.PHONY: demo test sweep bench
demo test sweep bench:
	./run $@
