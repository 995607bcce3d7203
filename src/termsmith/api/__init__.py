"""The Python interface, by what it is about; `termsmith` has all of its names."""
