"""Made-up tables that the classical models learn from: numbers, words, numbers with gaps, texts."""

import numpy as np

SAMPLES = 80
WIDTH = 5
CITIES = ['Oslo', 'Lima', 'Rome', 'Cairo']
SIZES = ['small', 'middle', 'large']
WORDS = 'cargo crane dock ferry harbour keel mast pier sail tide'.split()


def numbers(random):
    return random.standard_normal((SAMPLES, WIDTH)).astype(np.float32)


def with_gaps(random):
    table = numbers(random)
    table[random.random(table.shape) < 0.2] = np.nan
    return table


def counts(random):
    return random.integers(0, 6, (SAMPLES, WIDTH)).astype(np.float32)


def words(random):
    columns = [random.choice(CITIES, SAMPLES), random.choice(SIZES, SAMPLES)]
    return np.array(columns, dtype=object).T


def texts(random):
    return np.array([[' '.join(random.choice(WORDS, random.integers(2, 7)))] for _ in range(SAMPLES)], dtype=object)


def classes(random, table, count=3):
    """Classes that follow from the first columns, so that there is something to learn."""
    score = np.array([sum(map(hash_of, row)) for row in table]) + random.random(len(table))
    edges = np.quantile(score, np.linspace(0, 1, count + 1)[1:-1])
    return np.digitize(score, edges)


def hash_of(value):
    if isinstance(value, str):
        return sum(map(ord, value)) % 7
    return 0.0 if np.isnan(value) else float(value)
