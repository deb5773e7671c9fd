import torch
from torch.nn import functional as F


def attend(q, k, v, heads, kv_heads=None, mask=None, causal=False, dropout=None):
    """softmax(q·kᵀ/√d)·v of each head, of queries [n, T, heads·d], keys and values [n, S, kv_heads·d]. A mask [n, S] or
    [n, T, S] says by what is not 0 which keys are seen; if causal, query i sees keys up to i. A query that sees none gives
    0. Dropout is of the probabilities."""
    kv_heads = kv_heads or heads
    q, k, v = (x.unflatten(2, (h, -1)).transpose(1, 2) for x, h in ((q, heads), (k, kv_heads), (v, kv_heads)))
    if kv_heads != heads:
        k, v = (x.repeat_interleave(heads // kv_heads, 1) for x in (k, v))
    if mask is not None:
        mask = (mask != 0)[:, None, None] if mask.dim() == 2 else (mask != 0)[:, None]
    dropping = dropout is not None and dropout.training
    if mask is None and not dropping:
        return F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).flatten(2)
    if causal:
        order = torch.ones(q.shape[2], k.shape[2], dtype=torch.bool, device=q.device).tril()
        mask = order if mask is None else mask & order
    sees = None
    if mask is not None:
        sees = mask.any(-1, keepdim=True)
        mask = mask | ~sees  # softmax has no answer where nothing is seen
    if dropping:
        scores = q @ k.transpose(2, 3) / q.shape[3] ** 0.5
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        y = dropout(scores.softmax(-1)) @ v
    else:
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    if sees is not None:
        y = y * sees
    return y.transpose(1, 2).flatten(2)
