"""Train the customer-service classifier and export it to model/model.onnx.

    python train.py

Sentences come from the templates in data/ (see corpus.py). The held-out templates choose the response threshold; the
handwritten sentences are only reported on. Writes model/ (what is served) and golden.json (texts and the answers a server
has to give for them).
"""

import json
import os
import random
from pathlib import Path

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported

import numpy as np
import onnx
import onnxruntime
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch import nn
from transformers import BertConfig, BertForSequenceClassification

from corpus import CATEGORIES, OTHER, read, sentences

HERE = Path(__file__).parent
MODEL = HERE / 'model'
SEED = 20261123
MAX_LENGTH = 512
EPOCHS = 8
PER_TEMPLATE = 30
HELDOUT_PER_TEMPLATE = 12
BATCH = 64
TOLERANCE = 1e-4
SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
PAD, UNK = 0, 1
RESPONSES = {
    '商品信息': '关于商品信息:商品的价格、规格、颜色、尺码和库存以商品详情页为准。请告诉我商品名称或链接,我来为您核对。',
    '订单状态': '关于订单状态:您可以在“我的订单”里查看发货和物流进度。请提供订单号或快递单号,我马上为您查询。',
    '退换货': '关于退换货:签收后七天内且不影响二次销售的商品可以退换。请在“我的订单”里选择“申请售后”,审核通过后会显示退货地址。',
    '技术支持': '关于技术支持:请先重启设备并检查电源和网络。如果问题仍在,请告诉我产品型号和屏幕上的提示,我们的工程师会协助您。',
    'default': '抱歉,我暂时无法处理您的请求。',
}


def build_tokenizer(texts):
    """A BERT tokenizer: every Chinese character is one token, Latin words and numbers are cut into pieces."""
    tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]', max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=2000, min_frequency=3, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single='[CLS] $A [SEP]',
        pair='[CLS] $A [SEP] $B:1 [SEP]:1',
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ('[CLS]', '[SEP]')],
    )
    return tokenizer


def encode(tokenizer, text):
    """Token ids of a text, at most MAX_LENGTH, as the server computes them. list[int]"""
    ids = tokenizer.encode(text).ids
    return ids if len(ids) <= MAX_LENGTH else ids[: MAX_LENGTH - 1] + ids[-1:]


def target_of(category):
    """Other texts are trained towards equal probabilities: the confidence then says "not sure" instead of guessing."""
    share = 0.04 / len(CATEGORIES)
    return [1 / len(CATEGORIES)] * len(CATEGORIES) if category == OTHER else [0.96 * (name == category) + share for name in CATEGORIES]


def lengthen(pairs, rng):
    """Some long texts, up to MAX_LENGTH: several messages about one matter among chatter about nothing in particular."""
    by_category = {name: [text for category, text in pairs if category == name] for name in (*CATEGORIES, OTHER)}
    result = []
    for category in rng.choices((*CATEGORIES, OTHER), k=len(pairs) // 25):
        length, parts = rng.choice([60, 100, 200, 500]) * rng.uniform(0.5, 1), []
        while sum(map(len, parts)) < length:
            parts.append(rng.choice(by_category[category if rng.random() < 0.6 else OTHER]))
        result.append((category, rng.choice(['', ' ', '。', ','] * 2).join([*parts, rng.choice(by_category[category])])))
    return result


def batches(tokenizer, pairs, rng):
    """Batches of texts of similar length, in random order. Now and then a token is hidden, as unknown characters will be."""
    encoded = []
    for category, text in pairs:
        ids = encode(tokenizer, text)
        hide = rng.choice([0, 0, 0.1, 0.2])
        encoded.append(([UNK if 0 < at < len(ids) - 1 and rng.random() < hide else token for at, token in enumerate(ids)], category))
    encoded.sort(key=lambda item: len(item[0]) + rng.uniform(0, 4))
    chunks, start = [], 0
    while start < len(encoded):
        size = BATCH if len(encoded[min(start + BATCH, len(encoded)) - 1][0]) < 80 else BATCH // 8
        chunks.append(encoded[start : start + size])
        start += size
    rng.shuffle(chunks)
    for chunk in chunks:
        yield *pad([ids for ids, _ in chunk]), torch.tensor([target_of(category) for _, category in chunk])


def pad(rows):
    """input_ids and attention_mask, int64 [rows, longest row]"""
    width = max(map(len, rows))
    ids = torch.tensor([row + [PAD] * (width - len(row)) for row in rows])
    return ids, torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])


def train(tokenizer, rng):
    torch.manual_seed(SEED)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=256,
        max_position_embeddings=MAX_LENGTH,
        hidden_dropout_prob=0.15,
        attention_probs_dropout_prob=0.1,
        id2label=dict(enumerate(CATEGORIES)),
        label2id={name: index for index, name in enumerate(CATEGORIES)},
        pad_token_id=PAD,
        attn_implementation='eager',
    )
    model = BertForSequenceClassification(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
    per_epoch = len(read('train.tsv')) * PER_TEMPLATE * 1.08 / BATCH
    warm, total = per_epoch, per_epoch * EPOCHS
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(step / warm, max(0.02, (total - step) / (total - warm))))
    loss_of = nn.CrossEntropyLoss()
    for epoch in range(EPOCHS):
        pairs = sentences('train.tsv', 'train', PER_TEMPLATE, rng)
        model.train()
        losses = []
        for ids, mask, target in batches(tokenizer, pairs + lengthen(pairs, rng), rng):
            # Half of the batches start at a later position, so that all 512 position embeddings are trained.
            first = rng.choice([0, rng.randint(0, MAX_LENGTH - ids.shape[1])])
            positions = torch.arange(first, first + ids.shape[1])[None]
            loss = loss_of(model(input_ids=ids, attention_mask=mask, position_ids=positions).logits, target)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f'epoch {epoch + 1:2}: {len(pairs)} sentences, loss {np.mean(losses):.3f}', flush=True)
    return model.eval()


@torch.no_grad()
def answers(model, tokenizer, texts):
    """Probabilities, float32 [texts, categories]"""
    parts = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    rows = [pad([encode(tokenizer, text) for text in part]) for part in parts]
    return torch.cat([model(input_ids=ids, attention_mask=mask).logits.softmax(1) for ids, mask in rows]).numpy()


def outcome(pairs, probabilities, threshold):
    """Shares: own category among all four-category texts, the same when answered, default reply among them, and among others."""
    asked = np.array([category != OTHER for category, _ in pairs])
    right = np.array([category == CATEGORIES[p.argmax()] for (category, _), p in zip(pairs, probabilities, strict=True)])
    sure = probabilities.max(1) >= threshold
    return {
        'accuracy': right[asked].mean(),
        'answered right': (right & sure)[asked].mean(),
        'answered wrong': (~right & sure)[asked].mean(),
        'default reply': (~sure)[asked].mean(),
        'others given the default reply': (~sure)[~asked].mean(),
    }


def choose_threshold(pairs, probabilities):
    """The confidence below which the default reply serves best: right answers and refused others weigh the same."""
    candidates = [round(0.3 + 0.05 * step, 2) for step in range(14)]

    def worth(threshold):
        shares = outcome(pairs, probabilities, threshold)
        return shares['answered right'] + shares['others given the default reply']

    return max(candidates, key=worth)


def report(title, pairs, probabilities, threshold):
    print(f'\n{title}: {len(pairs)} texts, threshold {threshold}')
    print(', '.join(f'{name} {share:.3f}' for name, share in outcome(pairs, probabilities, threshold).items()))
    columns = [*CATEGORIES, 'default reply']
    print('| truth \\ answer | ' + ' | '.join(columns) + ' | mean confidence |\n' + '|---' * (len(columns) + 2) + '|')
    for truth in (*CATEGORIES, OTHER):
        rows = probabilities[[category == truth for category, _ in pairs]]
        given = np.where(rows.max(1) < threshold, len(CATEGORIES), rows.argmax(1))
        counts = ' | '.join(str((given == column).sum()) for column in range(len(columns)))
        print(f'| {truth} | {counts} | {rows.max(1).mean():.2f} |')


class Exported(nn.Module):
    """The model with the inputs and the output that text-classification models are served with."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


def export(model, tokenizer, threshold):
    MODEL.mkdir(exist_ok=True)
    example = tuple(torch.ones(2, 9, dtype=torch.int64) for _ in range(3))
    names = ['input_ids', 'attention_mask', 'token_type_ids']
    program = torch.onnx.export(
        Exported(model).eval(),
        example,
        input_names=names,
        output_names=['logits'],
        dynamic_shapes={name: {0: 'batch', 1: 'sequence'} for name in names},
        opset_version=18,
        dynamo=True,
        verbose=False,
    )
    proto = program.model_proto
    del proto.graph.value_info[:]  # shapes of the trace, not needed and in the way of quantization tools
    for node in proto.graph.node:
        del node.metadata_props[:]  # stack traces with this machine's paths
    onnx.checker.check_model(proto, full_check=True)
    onnx.save(proto, MODEL / 'model.onnx')
    config = json.loads(model.config.to_json_string(use_diff=True))
    config |= {'architectures': ['BertForSequenceClassification'], 'gantry': {'responseThreshold': threshold}}
    write_json(MODEL / 'config.json', config)
    write_json(MODEL / 'labels.json', CATEGORIES)
    write_json(MODEL / 'responses.json', RESPONSES)
    tokenizer.save(str(MODEL / 'tokenizer.json'))
    vocabulary = sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id)
    (MODEL / 'vocab.txt').write_text('\n'.join(vocabulary) + '\n', encoding='utf-8')
    special = {f'{name.strip("[]").lower()}_token': name for name in SPECIAL}
    write_json(
        MODEL / 'tokenizer_config.json',
        {'tokenizer_class': 'BertTokenizer', 'do_lower_case': True, 'model_max_length': MAX_LENGTH, **special},
    )


def check(model, tokenizer, texts):
    """Every text through torch and onnxruntime, alone and padded in a batch with others."""
    session = onnxruntime.InferenceSession(MODEL / 'model.onnx', providers=['CPUExecutionProvider'])
    rows = [encode(tokenizer, text) for text in texts]
    groups = [[row] for row in rows] + [rows[start : start + 16] for start in range(0, len(rows), 16)]
    largest, seen = 0.0, []
    for ids, mask in map(pad, groups):
        with torch.no_grad():
            expected = model(input_ids=ids, attention_mask=mask).logits.numpy()
        seen.append(run(session, ids, mask))
        largest = max(largest, np.abs(seen[-1] - expected).max())
    alone, together = np.concatenate(seen[: len(rows)]), np.concatenate(seen[len(rows) :])
    assert largest < TOLERANCE, f'ONNX differs from torch by {largest}'
    assert np.abs(alone - together).max() < TOLERANCE, 'an answer depends on the padding'
    print(f'\nONNX equals torch on {len(texts)} texts, alone and in batches, largest difference of a logit {largest:.1e}')
    return session


def run(session, ids, mask):
    feeds = {'input_ids': ids.numpy(), 'attention_mask': mask.numpy(), 'token_type_ids': np.zeros_like(ids.numpy())}
    return session.run(['logits'], feeds)[0]


GOLDEN = [
    '这款手机多少钱?',
    '我的快递到哪了',
    '衣服买大了,想换个小点的',
    '耳机连不上蓝牙怎么办',
    '今天天气怎么样',
    '你好',
    '',
    '请问 iPhone 15 Pro 的 WiFi 怎么设置??',
    '單號SF1382203948,查一下!',
    '我要退货😡😡 质量太差了!!!',
    '龘靐齉爩,能退吗?',
    '\t 多  少\n钱 \u3000 ',
    'Where is my order?',
    '我上周买了个洗衣机,用了三天就不转了,' + '说明书看过了也没用,' * 60 + '怎么修?',
]


def write_golden(session, tokenizer, threshold):
    cases = []
    for text in GOLDEN:
        ids = encode(tokenizer, text)
        logits = run(session, *pad([ids]))[0]
        probabilities = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        label = CATEGORIES[int(probabilities.argmax())]
        cases.append(
            {
                'text': text,
                'input_ids': ids,
                'logits': [round(float(value), 6) for value in logits],
                'probabilities': [round(float(value), 7) for value in probabilities],
                'label': label,
                'confidence': round(float(probabilities.max()), 7),
                'response': RESPONSES[label if probabilities.max() >= threshold else 'default'],
            }
        )
    lines = ',\n    '.join(json.dumps(case, ensure_ascii=False) for case in cases)  # one text per line
    labels = json.dumps(CATEGORIES, ensure_ascii=False)
    text = f'{{\n  "tolerance": {TOLERANCE},\n  "labels": {labels},\n  "cases": [\n    {lines}\n  ]\n}}\n'
    (HERE / 'golden.json').write_text(text, encoding='utf-8')


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')


def main():
    rng = random.Random(SEED)
    tokenizer = build_tokenizer([text for _, text in sentences('train.tsv', 'train', PER_TEMPLATE, rng)])
    heldout = sentences('heldout.tsv', 'heldout', HELDOUT_PER_TEMPLATE, random.Random(SEED + 1))
    handwritten = read('handwritten.tsv')
    model = train(tokenizer, rng)
    print(f'{model.num_parameters()} parameters, {tokenizer.get_vocab_size()} tokens')
    probabilities = answers(model, tokenizer, [text for _, text in heldout])
    threshold = choose_threshold(heldout, probabilities)
    report('Held-out templates', heldout, probabilities, threshold)
    texts = [text for _, text in handwritten]
    report('Handwritten sentences', handwritten, answers(model, tokenizer, texts), threshold)
    export(model, tokenizer, threshold)
    session = check(model, tokenizer, texts + GOLDEN)
    write_golden(session, tokenizer, threshold)


if __name__ == '__main__':
    main()
