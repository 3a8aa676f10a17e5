"""Makes the golden models of PyTorch, in an environment of requirements-torch.lock with scikit-learn."""

from pathlib import Path

import numpy as np
import torch
import transformers
from modules import DigitsCnn, DigitsMlp, Encoder
from sklearn.datasets import load_digits
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor, nn
from torch.export import Dim

HERE = Path(__file__).parent

WORDS = [
    "[PAD,]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "the",
    "a",
    "bill",
    "is",
    "wrong",
    "my",
    "app",
    "does",
    "not",
    "open",
    "where",
    "parcel",
    "what",
    "when",
    "order",
    "paid",
    "who",
    "are",
    "you",
    "i",
    "was",
    "charged",
    "twice",
    "today",
    ".",
    "?",
    ",",
]


def trained(module: nn.Module, inputs: Tensor, labels: Tensor) -> nn.Module:
    """Train a classifier of digits for a few seconds."""
    optimizer = torch.optim.Adam(module.parameters(), 0.01)
    for _ in range(60):
        for places in torch.randperm(len(labels)).split(128):
            found = module(inputs[places])
            logits = found["logits"] if isinstance(found, dict) else found
            optimizer.zero_grad()
            nn.functional.cross_entropy(logits, labels[places]).backward()
            optimizer.step()
    return module.eval()


def program(name: str, module: nn.Module, inputs: tuple[Tensor, ...], axes: dict[int, Dim]) -> None:
    """Write a .pt2 file. The places of the sources in the file system of this machine stay out."""
    exported = torch.export.export(module.eval(), inputs, dynamic_shapes=(axes,) * len(inputs))
    for node in exported.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(exported, HERE / name)


def tokenizer() -> transformers.PreTrainedTokenizerFast:
    """Return a tokenizer of a few words."""
    made = Tokenizer(models.WordPiece({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=48,
    )


def main() -> None:
    """Write everything."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    digits = load_digits()
    pixels = torch.from_numpy(digits.data.astype(np.float32) / 16)
    labels = torch.from_numpy(digits.target)
    train = torch.arange(len(labels)) % 5 != 0
    batch = Dim("batch")

    mlp = trained(DigitsMlp(), pixels[train], labels[train])
    program("digits-mlp.pt2", mlp, (pixels[:2].clone(),), {0: batch})
    torch.save(mlp.state_dict(), HERE / "digits-mlp.pt")
    np.savez(
        HERE / "digits.npz", pixels=pixels[~train][:64].numpy(), expected=digits.target[~train.numpy()][:64]
    )
    images = pixels.reshape(-1, 1, 8, 8)
    program(
        "digits-cnn.pt2",
        trained(DigitsCnn(), images[train], labels[train]),
        (images[:2].clone(),),
        {0: batch},
    )
    ids = torch.ones(2, 7, dtype=torch.long)
    program("encoder.pt2", Encoder(), (ids, ids.clone()), {0: batch, 1: Dim("sequence", max=64)})
    program("one-length.pt2", DigitsMlp(), (pixels[:2].clone(),), {})

    names = ["billing", "bug", "delivery"]
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=48,
        pad_token_id=0,
        id2label=dict(enumerate(names)),
        label2id={name: place for place, name in enumerate(names)},
    )
    transformers.BertForSequenceClassification(config).save_pretrained(HERE / "bert")
    tokenizer().save_pretrained(HERE / "bert")


main()
