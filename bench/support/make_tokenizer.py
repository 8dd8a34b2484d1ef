"""make_tokenizer.py FOLDER: a small tokenizer in the layout of Hugging Face's cache, as local/tok."""
import json
import pathlib
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

TEXT = ["the moon is nearest to the earth at perigee where it pulls the tides hardest"] * 8

snapshot = pathlib.Path(sys.argv[1], "models--local--tok", "snapshots", "1")
snapshot.mkdir(parents=True)
(snapshot.parents[1] / "refs").mkdir()
(snapshot.parents[1] / "refs" / "main").write_text("1")
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator(TEXT, trainers.BpeTrainer(
    vocab_size=400, special_tokens=["<s>", "</s>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
tokenizer.save(str(snapshot / "tokenizer.json"))
(snapshot / "tokenizer_config.json").write_text(json.dumps({
    "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>",
    "model_max_length": 100000}))
(snapshot / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
