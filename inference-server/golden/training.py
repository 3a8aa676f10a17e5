"""A short, seeded training: enough that a reference model's answers differ from input to input."""

import numpy as np
import torch

SEED = 20261123


def seeded(name):
    """The random generator of one model, and torch's set to the same; both depend on the model's name alone."""
    seed = [SEED, *name.encode()]
    torch.manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0]))
    return np.random.default_rng(seed)


def train(model, batch, steps, rate=3e-3):
    """Trains on `batch()` -> keyword arguments of the model with labels; gives the model back in eval mode."""
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)
    losses = []
    for step in range(steps):
        loss = model(**batch()).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    print(f'  {sum(p.numel() for p in model.parameters())} weights, loss {losses[0]:.3f} -> {np.mean(losses[-20:]):.3f}')
    return model.eval()


def language_batch(tokenizer, texts):
    """Texts -> input_ids, attention_mask and labels, filled up on the right; what is filled up is not learned."""
    side, tokenizer.padding_side = tokenizer.padding_side, 'right'
    batch = tokenizer(texts, padding=True, return_tensors='pt', add_special_tokens=False)
    tokenizer.padding_side = side
    labels = batch['input_ids'].masked_fill(batch['attention_mask'] == 0, -100)
    return {'input_ids': batch['input_ids'], 'attention_mask': batch['attention_mask'], 'labels': labels}
