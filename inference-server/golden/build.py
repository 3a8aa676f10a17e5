"""Makes the reference models and what Python's transformers answers with them.

    python build.py [NAME ...]      all, or those named, such as fill-mask

Writes models/NAME/ for each. Every graph is compared with PyTorch on the way, and the script stops where they differ.
"""

import importlib
import os
import sys
import time
import warnings

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported
os.environ.setdefault('TOKENIZERS_PARALLELISM', 'false')
os.environ.setdefault('RAYON_NUM_THREADS', '1')
os.environ.setdefault('HF_HUB_OFFLINE', '1')

import torch
import transformers

FAMILIES = {
    'token-classification': 'token_classification',
    'question-answering': 'question_answering',
    'fill-mask': 'fill_mask',  # feature-extraction too
    'zero-shot-classification': 'zero_shot_classification',
    'translation': 'translation',
    'text-generation': 'text_generation',
    'code-generation': 'code_generation',
    'other-tokenizers': 'other_tokenizers',
    'sampling': 'sampling',
    'forms': 'forms',
    'image-classification': 'image_classification',
    'zero-shot-image-classification': 'zero_shot_image_classification',
    'image-to-text': 'image_to_text',
}


def main(names):
    unknown = [name for name in names if name not in FAMILIES]
    if unknown:
        raise SystemExit(f'no such model: {", ".join(unknown)}; choose from {", ".join(FAMILIES)}')
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    warnings.simplefilter('ignore')
    for name in names or FAMILIES:
        start = time.monotonic()
        print(name)
        importlib.import_module(FAMILIES[name]).build()
        print(f'  {time.monotonic() - start:.0f} s')


if __name__ == '__main__':
    main(sys.argv[1:])
