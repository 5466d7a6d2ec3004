"""Runs the suite while its parts fail, and checks what became of every write. See tests/chaos/README.md."""
