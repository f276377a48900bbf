"""Makes a language model of the shape of Llama with random weights and a vocabulary of its own: `tiny_llama.py [FOLDER]`.

No hub is asked. The vocabulary is learnt from the sources of Python's own `asyncio`; 5 million parameters. It has no
token that is part of a character: an answer of such tokens alone has no text.
"""

import asyncio
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from transformers.utils import logging

VOCABULARY = 4096
TEMPLATE = (
    "{% for message in messages %}{{ '<s>' + message['role'] + ': ' + message['content'] + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<s>assistant: ' }}{% endif %}"
)


def vocabulary():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<s>", "</s>", "<unk>", "<think>", "</think>"],
        show_progress=False,
    )
    tokenizer.train(sorted(map(str, Path(asyncio.__file__).parent.glob("*.py"))), trainer)
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="</s>"
    )
    made.chat_template = TEMPLATE
    return made


def network():
    torch.manual_seed(1)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=VOCABULARY,
            hidden_size=256,
            intermediate_size=768,
            num_hidden_layers=4,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=64,
            max_position_embeddings=2048,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    )


def main(folder="tiny_llama"):
    logging.disable_progress_bar()
    vocabulary().save_pretrained(folder)
    network().save_pretrained(folder)


main(*sys.argv[1:])
