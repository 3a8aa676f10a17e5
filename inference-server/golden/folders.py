"""Model folders as Hugging Face lays them out, and golden.json beside the model."""

import json
import shutil
from pathlib import Path

HERE = Path(__file__).parent
MODELS = HERE / 'models'
PICTURES = HERE / 'pictures'
TOLERANCE = 1e-4
LARGEST = 700_000  # bytes of a folder


def fresh(name):
    """The empty folder models/NAME."""
    folder = MODELS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def save(folder, model, tokenizer=None, processor=None):
    """Everything but the graphs: configuration, tokenizer, picture processor."""
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    if model.can_generate():
        model.generation_config.save_pretrained(folder)
    if tokenizer:
        tokenizer.save_pretrained(folder, save_jinja_files=False)
    if processor:
        processor.save_pretrained(folder)


def save_golden(folder, task, cases, **facts):
    """Writes golden.json, one case per line, and looks whether the folder is small enough."""
    head = {'task': task, 'tolerance': TOLERANCE, **facts}
    lines = [f'{json.dumps(key)}: {compact(value)}' for key, value in head.items()]
    listed = ',\n    '.join(compact(case) for case in cases)
    lines.append(f'"cases": [\n    {listed}\n  ]')
    (folder / 'golden.json').write_text('{\n  ' + ',\n  '.join(lines) + '\n}\n')
    size = sum(path.stat().st_size for path in folder.rglob('*') if path.is_file())
    print(f'  {folder.name}: {size / 1000:.0f} kB, {len(cases)} cases')
    if size > LARGEST:
        raise SystemExit(f'{folder} holds {size} bytes, more than {LARGEST}: make the model smaller')


def compact(value):
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)


def plain(value):
    """Tensors, arrays and their numbers -> lists and numbers of JSON; 7 digits behind the point, far below the tolerance."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, 'tolist'):
        return plain(value.tolist())
    return round(value, 7) if isinstance(value, float) else value
