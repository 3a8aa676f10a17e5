"""Metric values of scikit-learn, seqeval, sacrebleu, SQuAD's script (in transformers), statsmodels and scipy.

Writes metrics.json, which the tests of src/accuracy compare with. All data are drawn here or written by us.
"""

import json
import math
import os
import random

import numpy as np
from sacrebleu.metrics import BLEU, CHRF
from scipy.stats import permutation_test
from seqeval.metrics import f1_score as entity_f1
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as entity_scores
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_fscore_support,
    r2_score,
    top_k_accuracy_score,
)
from sklearn.metrics.pairwise import cosine_similarity
from statsmodels.stats.contingency_tables import mcnemar
from transformers.data.metrics.squad_metrics import compute_exact, compute_f1, normalize_answer

HERE = os.path.dirname(os.path.abspath(__file__))


def classification(rng):
    cases = []

    def add(name, labels, scores, classes, k):
        order = np.argsort(-scores, axis=1, kind="stable")
        rankings = [[classes[i] for i in row] for row in order]
        best = [row[0] for row in rankings]
        names = sorted(set(labels) | set(best))
        precision, recall, f1, support = precision_recall_fscore_support(
            labels, best, labels=names, zero_division=0
        )
        case = {
            "name": name,
            "labels": labels,
            "rankings": rankings,
            "topK": k,
            "accuracy": accuracy_score(labels, best),
            "f1Macro": f1_score(labels, best, average="macro", zero_division=0),
            "f1Weighted": f1_score(labels, best, average="weighted", zero_division=0),
            "names": names,
            "confusion": confusion_matrix(labels, best, labels=names).tolist(),
            "precision": precision.tolist(),
            "recall": recall.tolist(),
            "f1": f1.tolist(),
            "support": support.tolist(),
        }
        if k < len(classes):
            indices = [classes.index(label) for label in labels]
            # Of two classes scikit-learn takes the probability of the second one.
            given = scores if len(classes) > 2 else 1 / (1 + np.exp(scores[:, 0] - scores[:, 1]))
            case["topKValue"] = top_k_accuracy_score(indices, given, k=k, labels=range(len(classes)))
        cases.append(case)

    def drawn(name, classes, count, skill, k, present=None):
        labels = [rng.choice(present or classes) for _ in range(count)]
        scores = np.array(
            [[rng.random() + (skill if c == label else 0) for c in classes] for label in labels]
        )
        add(name, labels, scores, classes, k)

    drawn("ten classes", [f"class {i}" for i in range(10)], 120, 0.5, 3)
    drawn("names of many scripts", ["退换货", "订单", "Zürich", "é", "z", "🙂", "\uff21"], 80, 0.4, 2)
    drawn("two classes", ["0", "1"], 60, 0.3, 1)
    drawn("classes that are predicted only", ["a", "b", "c", "d"], 40, 0.2, 2, present=["a", "b"])
    drawn("a class that is never predicted right", ["a", "b", "c"], 30, -1, 2)
    drawn("one class of labels", ["a", "b", "c"], 20, 0.6, 2, present=["a"])
    drawn("one sample", ["a", "b", "c"], 1, 0, 2)
    return cases


def entities(rng):
    cases = []

    def add(name, expected, predicted):
        precision, recall, f1, support = entity_scores(expected, predicted, average=None, zero_division=0)
        types = sorted(
            {t for t, _, _ in get_entities(expected)} | {t for t, _, _ in get_entities(predicted)}
        )
        cases.append(
            {
                "name": name,
                "expected": expected,
                "predicted": predicted,
                "entities": [[[t, s, e + 1] for t, s, e in get_entities(seq)] for seq in predicted],
                "entityF1": float(entity_f1(expected, predicted, zero_division=0)),
                "types": types,
                "precision": precision.tolist(),
                "recall": recall.tolist(),
                "f1": f1.tolist(),
                "support": support.tolist(),
            }
        )

    def tags(prefixes, types, length, outside=0.5):
        return [
            "O" if rng.random() < outside else f"{rng.choice(prefixes)}-{rng.choice(types)}"
            for _ in range(length)
        ]

    def pair(prefixes, types, count, outside=0.4, same=0.8):
        expected = [tags(prefixes, types, rng.randint(1, 12), outside) for _ in range(count)]
        predicted = [
            [tag if rng.random() < same else tags(prefixes, types, 1)[0] for tag in seq] for seq in expected
        ]
        return expected, predicted

    add(
        "IOB2",
        [["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-ORG", "I-ORG", "I-ORG"]],
        [["B-PER", "I-PER", "O", "O"], ["O", "B-ORG", "I-ORG", "O"]],
    )
    add(
        "IOB1: B only where two of a type meet",
        [["I-PER", "I-PER", "B-PER", "O", "I-LOC"]],
        [["I-PER", "I-PER", "I-PER", "O", "I-LOC"]],
    )
    add(
        "BIOES",
        [["S-PER", "O", "B-LOC", "I-LOC", "E-LOC", "S-ORG"]],
        [["S-PER", "O", "B-LOC", "E-LOC", "O", "S-ORG"]],
    )
    add("IOE", [["I-PER", "E-PER", "E-PER", "O"]], [["I-PER", "E-PER", "I-PER", "O"]])
    add("I behind another type", [["B-PER", "I-LOC", "I-LOC", "O"]], [["I-PER", "I-LOC", "B-LOC", "I-PER"]])
    add("tags without types", [["B", "I", "O", "B"]], [["B", "I", "I", "O"]])
    add("types with hyphens", [["B-geo-loc", "I-geo-loc", "O"]], [["B-geo-loc", "O", "B-geo"]])
    add("nothing found", [["B-PER", "O"]], [["O", "O"]])
    add("drawn IOB", *pair(["B", "I"], ["PER", "LOC", "ORG"], 30))
    add("drawn BIOES", *pair(["B", "I", "E", "S"], ["PER", "LOC"], 40, 0.2, 0.7))
    add("drawn without rules", *pair(["B", "I", "E", "S"], ["A", "B-C", "D"], 40, 0.1, 0.5))
    return cases


def squad():
    rows = [
        ("The Eiffel Tower", ["Eiffel Tower", "the tower"]),
        ("in 1999", ["1999", "the year 1999"]),
        ("Barack Obama's wife", ["Michelle Obama"]),
        ("", []),
        ("something", []),
        ("the", ["a"]),
        ("an", []),
        ("U.S.A.", ["usa", "United States"]),
        ("  many \t spaces\u3000here ", ["many spaces here"]),
        ("北京 大学", ["北京大学", "北京 大学"]),
        ("a-b-c", ["abc"]),
        ("Ättika a än theé", ["Ättika än theé"]),
        ("x x x y", ["x y y", "x x"]),
        ("10,000", ["10000"]),
        ("“the” cat", ["cat"]),
        ("no overlap", ["at all"]),
        ("théa a_the the_a", ["théa"]),
        ("ends with BOM \ufeff", ["ends with BOM"]),
        ("\x1cunit\x1fseparators\x85", ["unit separators"]),
        ("ΟΔΥΣΣΕΥΣ İ", ["οδυσσευς i̇"]),
    ]

    def best(score, answer, texts):
        kept = [text for text in texts if normalize_answer(text)] or [""]
        return max(score(text, answer) for text in kept)

    return [
        {
            "answer": answer,
            "texts": texts,
            "exactMatch": best(compute_exact, answer, texts),
            "tokenF1": best(compute_f1, answer, texts),
        }
        for answer, texts in rows
    ]


ENGLISH = [
    ("The cat sat on the mat.", ["The cat is sitting on the mat.", "A cat sat on the mat ."]),
    ("There are 1,234.5 items - or 10-20, e.g. \"more\" &amp; less!", ["There are 1,234.5 items, or 10 - 20, \"more\" & less."]),
    ("It costs $5.00 (five).", ["It costs $ 5.00 (five dollars)."]),
    ("Hello", ["Hello world"]),
    ("", ["Nothing was said."]),
    ("  spaces  around  ", ["spaces around"]),
    ("line\nbreak-\ned <skipped> text", ["line broken text", "line break-ed text"]),
    ("😀.,🙂 a.b 3.x x.3 .5 5.", ["😀 . , 🙂 a.b 3.x x.3 .5 5 ."]),
    ("completely different words here", ["nothing matches at all, sorry"]),
    ("The the the the the the the.", ["The cat is on the mat.", "There is a cat on the mat."]),
    ("naïve café — “quoted”", ["naive café — “quoted”"]),
]
CHINESE = [
    ("我想退货，谢谢。", ["我要退货，谢谢！", "我想退貨，謝謝。"]),
    ("订单什么时候发货？", ["订单何时发货？"]),
    ("价格是 12.50 元（含税）", ["价格为12.50元（含税）"]),
    ("“你好”—— hello, 世界…", ["“您好”——hello，世界…"]),
    ("你好", ["您好吗"]),
    ("𠀀𠀁字 Ａ１ ☀", ["𠀀字 A1 ☀"]),
]


def texts(rng):
    cases = []
    words = "the a cat dog sat on mat , . of and to in it 3.5 x-y".split()

    def drawn(count):
        rows = []
        for _ in range(count):
            reference = [rng.choice(words) for _ in range(rng.randint(3, 15))]
            answer = [word if rng.random() < 0.8 else rng.choice(words) for word in reference]
            rows.append((" ".join(answer[: rng.randint(1, len(answer))]), [" ".join(reference)]))
        return rows

    rows_by_name = {
        "English": ENGLISH,
        "Chinese": CHINESE,
        "drawn": drawn(40),
        "one short": [("Hello there", ["Hello there you"])],
        "two words": [("Hello there", ["Hello there"])],
        "no match": [("a b c d", ["e f g h"])],
        "no answer": [("", ["something"])],
        "no match of long n-grams": [("the cat sat there quietly", ["a cat lay there loudly now"])],
    }
    for name, rows in rows_by_name.items():
        answers = [answer for answer, _ in rows]
        most = max(len(references) for _, references in rows)
        streams = [
            [references[i] if i < len(references) else None for _, references in rows] for i in range(most)
        ]
        case = {"name": name, "answers": answers, "references": [references for _, references in rows], "bleu": {}}
        for tokenizer in ["13a", "zh", "char"]:
            case["bleu"][tokenizer] = BLEU(tokenize=tokenizer).corpus_score(answers, streams).score
        case["chrf"] = CHRF().corpus_score(answers, streams).score
        case["words"] = {
            tokenizer: [BLEU(tokenize=tokenizer)._preprocess_segment(answer).split() for answer in answers]
            for tokenizer in ["13a", "zh", "char"]
        }
        cases.append(case)
    return cases


def regression(rng):
    cases = []

    def add(name, labels, answers):
        cases.append(
            {
                "name": name,
                "labels": labels,
                "answers": answers,
                "meanAbsoluteError": mean_absolute_error(labels, answers),
                "meanSquaredError": mean_squared_error(labels, answers),
                "r2": r2_score(labels, answers),
            }
        )

    labels = [rng.gauss(0, 3) for _ in range(50)]
    add("drawn", labels, [x + rng.gauss(0, 1) for x in labels])
    add("worse than the mean", labels[:10], [-x for x in labels[:10]])
    far = [1e6 + rng.gauss(0, 1) for _ in range(50)]
    add("far from zero", far, [x + rng.gauss(0, 0.5) for x in far])
    add("two samples", [1.0, 2.0], [1.5, 1.5])
    add("exact", [1.0, 2.0, 4.0], [1.0, 2.0, 4.0])
    return cases


def perplexity(rng):
    samples = [[rng.uniform(-5, 0) for _ in range(rng.randint(1, 9))] for _ in range(20)]
    tokens = np.array([value for sample in samples for value in sample])
    return {
        "samples": [{"logLikelihood": math.fsum(sample), "tokens": len(sample)} for sample in samples],
        "perplexity": float(np.exp(-tokens.mean())),
    }


def retrieval(rng):
    documents = [[rng.gauss(0, 1) for _ in range(6)] for _ in range(40)]
    documents[7] = [2 * x for x in documents[3]]
    queries = []
    for _ in range(15):
        relevant = rng.sample(range(len(documents)), rng.randint(1, 4))
        queries.append({"vector": [x + rng.gauss(0, 1.2) for x in documents[relevant[0]]], "relevant": relevant})
    cosines = cosine_similarity([query["vector"] for query in queries], documents)
    case = {"documents": documents, "queries": queries, "recall": {}}
    # Document 7 has the direction of document 3, so that both have one cosine, up to rounding: the earlier one is first.
    cosines[:, 7] = cosines[:, 3]
    order = np.argsort(-cosines, axis=1, kind="stable")
    for k in [1, 3, 5, 10]:
        case["recall"][k] = float(
            np.mean([len(set(row[:k]) & set(q["relevant"])) / len(q["relevant"]) for row, q in zip(order, queries)])
        )
    case["meanReciprocalRank"] = float(
        np.mean([1 / (1 + min(list(row).index(d) for d in q["relevant"])) for row, q in zip(order, queries)])
    )
    return case


def tests(rng):
    counts = [(0, 0), (1, 0), (3, 3), (0, 12), (5, 17), (40, 61), (500, 560), (49_800, 50_300), (499_000, 501_500), (0, 2000)]
    exact = [
        {"onlyOne": b, "onlyOther": c, "pValue": float(mcnemar([[7, b], [c, 9]], exact=True).pvalue)}
        if b + c > 0
        else {"onlyOne": b, "onlyOther": c, "pValue": 1.0}
        for b, c in counts
    ]

    def p_value(one, other, statistic):
        pool = np.concatenate([one, other])
        count = len(one)

        def difference(left, right):
            return statistic(pool[left.astype(int)]) - statistic(pool[right.astype(int)])

        found = permutation_test(
            (np.arange(count), np.arange(count, 2 * count)),
            difference,
            permutation_type="samples",
            n_resamples=np.inf,
            vectorized=False,
        )
        return float(found.statistic), float(found.pvalue)

    exchanges = []
    for count in [3, 8, 11]:
        values = [[round(rng.gauss(shift, 1), 3) for _ in range(count)] for shift in (0, 0.8)]
        difference, p = p_value(*[np.array(one).reshape(-1, 1) for one in values], lambda rows: rows.mean())
        exchanges.append({"kind": "mean", "rows": values, "difference": difference, "pValue": p})
    for count in [6, 10]:
        rows = [[[rng.randint(0, 2), rng.randint(3, 8)] for _ in range(count)] for _ in range(2)]
        difference, p = p_value(*[np.array(one) for one in rows], lambda r: 2 * r[:, 0].sum() / r[:, 1].sum())
        exchanges.append({"kind": "entities", "rows": rows, "difference": difference, "pValue": p})
    return {"mcnemar": exact, "exchanges": exchanges}


def generator(seed):
    """xoshiro128** seeded by splitmix32, as src/generation/random.ts: 53 bits a number."""
    mask = 0xFFFFFFFF
    mixed = (seed ^ ((seed // 2**32) * 0x9E3779B1)) & mask

    def spread():
        nonlocal mixed
        mixed = (mixed + 0x9E3779B9) & mask
        word = ((mixed ^ (mixed >> 16)) * 0x21F0AAAD) & mask
        word = ((word ^ (word >> 15)) * 0x735A2D97) & mask
        return word ^ (word >> 15)

    a, b, c, d = spread(), spread(), spread(), spread()

    def rotated(word, by):
        return ((word << by) | (word >> (32 - by))) & mask

    def following():
        nonlocal a, b, c, d
        result = (rotated((b * 5) & mask, 7) * 9) & mask
        shifted = (b << 9) & mask
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = rotated(d, 11)
        return result

    return lambda: ((following() >> 5) * 2**26 + (following() >> 6)) / 2**53


def bootstrap(rng):
    cases = []
    for count, seed in [(25, 0), (60, 7)]:
        labels = [rng.gauss(0, 1) for _ in range(count)]
        answers = [x + rng.gauss(0, 0.7) for x in labels]
        draw = generator(seed)
        errors, scores = [], []
        for _ in range(1000):
            drawn = [int(draw() * count) for _ in range(count)]
            truth, answer = [labels[i] for i in drawn], [answers[i] for i in drawn]
            errors.append(mean_absolute_error(truth, answer))
            scores.append(r2_score(truth, answer))
        cases.append(
            {
                "labels": labels,
                "answers": answers,
                "seed": seed,
                "meanAbsoluteError": np.percentile(errors, [2.5, 97.5]).tolist(),
                "r2": np.percentile(scores, [2.5, 97.5]).tolist(),
            }
        )
    return cases


def main():
    rng = random.Random(13)
    golden = {
        "classification": classification(rng),
        "entities": entities(rng),
        "squad": squad(),
        "texts": texts(rng),
        "regression": regression(rng),
        "perplexity": perplexity(rng),
        "retrieval": retrieval(rng),
        "tests": tests(rng),
        "bootstrap": bootstrap(rng),
    }
    with open(os.path.join(HERE, "metrics.json"), "w", encoding="utf-8") as file:
        json.dump(golden, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
