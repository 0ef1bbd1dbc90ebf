"""`python -m benchmarks.log --people 100000`: the screening log with many people in the database of DATABASE_URL.

Fills an empty database, which must be one that nobody needs, or takes the one that it has filled before.
"""

import argparse

from benchmarks.log.measure import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    main(parser.parse_args().people)
