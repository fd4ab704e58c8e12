"""The commands of `verbatim`, one file each, loaded only when they are called."""
