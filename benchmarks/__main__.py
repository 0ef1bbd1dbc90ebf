"""`make bench`: the figures of docs/benchmarks.md, measured on this machine."""

from benchmarks import engine, panel, saving

if __name__ == "__main__":
    engine.main()
    panel.main()
    saving.main()
