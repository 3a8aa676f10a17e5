"""Statistics of binned counts by numpy and scipy, which the tests of src/drift compare with.

    python drift.py > drift.json
"""

import json

import numpy
from scipy.stats import chi2, ks_2samp

EDGES = 9  # ten bins
generator = numpy.random.default_rng(60)


def psi(reference, counts):
    q = (reference + 0.5) / (reference + 0.5).sum()
    p = (counts + 0.5) / (counts + 0.5).sum()
    return float(((p - q) * numpy.log(p / q)).sum())


def case(size, requests, shift, scale):
    numbers = generator.normal(size=size)
    edges = numpy.quantile(numbers, numpy.arange(1, EDGES + 1) / (EDGES + 1))
    later = generator.normal(loc=shift, scale=scale, size=requests)
    before, after = (numpy.searchsorted(edges, values, side="right") for values in (numbers, later))
    reference, counts = (numpy.bincount(bins, minlength=EDGES + 1) for bins in (before, after))
    return {
        "edges": edges.tolist(),
        "numbers": later[:50].tolist(),
        "bins": after[:50].tolist(),
        "reference": reference.tolist(),
        "counts": counts.tolist(),
        "psi": psi(reference, counts),
        # The numbers of the bins have the same order as their numbers, so this is the statistic of what is binned.
        "ks": float(ks_2samp(before, after, method="asymp").statistic),
    }


cases = [case(*of) for of in ((1000, 700, 0, 1), (300, 2000, 0.5, 1), (5000, 500, 0, 2), (200, 900, 3, 0.2))]
quantiles = [{"degrees": degrees, "value": float(chi2.isf(1e-5, degrees))} for degrees in (1, 2, 5, 10, 32)]
print(json.dumps({"cases": cases, "quantiles": quantiles}, indent=1))
