"""Forms: what people type, checked by the same rules as a spec."""
