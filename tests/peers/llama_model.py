"""llama_model.py FILE: writes a model of random weights that llama.cpp can run: half a megabyte, a token for each byte,
and nonsense in printable ASCII is what it says."""

import sys

import gguf
import numpy

WIDTH = 64
INNER_WIDTH = 128
BLOCKS = 2
HEADS = 4
CONTEXT = 256
PRINTABLE = range(ord("!"), ord("~") + 1)
SPECIAL = ["<bos>", "<eos>"]

# GPT-2's tokenizer spells bytes that can't be printed as characters from U+0100 on.
PLAIN = [*PRINTABLE, *range(0xA1, 0xAD), *range(0xAE, 0x100)]
OTHER = [byte for byte in range(256) if byte not in PLAIN]
TOKENS = [chr(byte) if byte in PLAIN else chr(0x100 + OTHER.index(byte)) for byte in range(256)] + SPECIAL

random = numpy.random.default_rng(1)


def weights(*shape):
    return (0.1 * random.standard_normal(shape)).astype(numpy.float32)


def ones():
    return numpy.ones(WIDTH, numpy.float32)


def describe(writer):
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER_WIDTH)
    writer.add_block_count(BLOCKS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * len(SPECIAL))
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(257)


# Half of the printable tokens get a high score, far above the zero of all that has no weights in the output, the end
# included: so the model prints on until it may not.
def add_tensors(writer):
    output = numpy.zeros((len(TOKENS), WIDTH), numpy.float32)
    output[PRINTABLE] = 10 * weights(len(PRINTABLE), WIDTH)
    writer.add_tensor("token_embd.weight", weights(len(TOKENS), WIDTH))
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", ones())
    for block in range(BLOCKS):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"blk.{block}.{name}.weight", weights(WIDTH, WIDTH))
        for name in ("ffn_gate", "ffn_up"):
            writer.add_tensor(f"blk.{block}.{name}.weight", weights(INNER_WIDTH, WIDTH))
        writer.add_tensor(f"blk.{block}.ffn_down.weight", weights(WIDTH, INNER_WIDTH))
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{block}.{name}.weight", ones())


writer = gguf.GGUFWriter(sys.argv[1], "llama")
describe(writer)
add_tensors(writer)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
