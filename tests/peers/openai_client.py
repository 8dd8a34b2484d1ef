"""openai_client.py URL: what OpenAI's Python client makes of `perigee serve --tokens 8` at URL."""

import asyncio
import sys
import unittest

import openai

BASE = sys.argv.pop(1) + "/v1"
MESSAGES = [{"role": "user", "content": "Why does the sea have tides?"}]
client = openai.OpenAI(base_url=BASE, api_key="unused", max_retries=0, timeout=20)


def chat(**more):
    return client.chat.completions.create(model="any", messages=MESSAGES, **more)


def complete(prompt, **more):
    return client.completions.create(model="any", prompt=prompt, **more)


def text_of(chunks):
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


class Chat(unittest.TestCase):
    def test_an_answer_has_a_message_a_reason_and_the_usage(self):
        answer = chat(max_tokens=5)
        self.assertEqual(answer.object, "chat.completion")
        self.assertEqual(answer.model, "any")
        self.assertEqual([choice.index for choice in answer.choices], [0])
        self.assertEqual(answer.choices[0].message.role, "assistant")
        self.assertEqual(len(answer.choices[0].message.content.split()), 5)
        self.assertEqual(answer.choices[0].finish_reason, "length")
        self.assertEqual((answer.usage.prompt_tokens, answer.usage.completion_tokens), (6, 5))
        self.assertEqual(answer.usage.total_tokens, 11)

    def test_max_completion_tokens_is_a_limit_and_without_one_the_model_stops(self):
        self.assertEqual(chat(max_completion_tokens=3).usage.completion_tokens, 3)
        answer = chat()
        self.assertEqual((answer.usage.completion_tokens, answer.choices[0].finish_reason), (8, "stop"))

    def test_parts_of_a_message_are_read(self):
        parts = [{"type": "text", "text": "two words"}, {"type": "text", "text": "and three more"}]
        messages = [{"role": "user", "content": parts}]
        answer = client.chat.completions.create(model="any", messages=messages, max_tokens=1)
        self.assertEqual(answer.usage.prompt_tokens, 5)

    def test_a_stream_says_what_the_answer_says(self):
        chunks = list(chat(max_tokens=5, stream=True))
        self.assertEqual(chunks[0].choices[0].delta.role, "assistant")
        self.assertEqual(text_of(chunks), chat(max_tokens=5).choices[0].message.content)
        reasons = [choice.finish_reason for chunk in chunks for choice in chunk.choices]
        self.assertEqual(reasons[:-1], [None] * (len(reasons) - 1))
        self.assertEqual(reasons[-1], "length")
        self.assertEqual({chunk.usage for chunk in chunks}, {None})
        self.assertEqual({chunk.object for chunk in chunks}, {"chat.completion.chunk"})
        self.assertEqual(len({chunk.id for chunk in chunks}), 1)

    def test_the_usage_of_a_stream_comes_last_and_alone_if_it_is_asked_for(self):
        chunks = list(chat(max_tokens=5, stream=True, stream_options={"include_usage": True}))
        self.assertEqual(chunks[-1].choices, [])
        self.assertEqual((chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens), (6, 5))
        self.assertEqual({chunk.usage for chunk in chunks[:-1]}, {None})

    def test_the_stream_helper_puts_an_answer_together(self):
        usage = {"include_usage": True}
        with client.chat.completions.stream(model="any", messages=MESSAGES, stream_options=usage) as stream:
            kinds = [event.type for event in stream]
            answer = stream.get_final_completion()
        self.assertIn("content.delta", kinds)
        self.assertEqual(answer.choices[0].message.content, chat().choices[0].message.content)
        self.assertEqual(answer.usage.completion_tokens, 8)

    def test_a_stream_that_is_left_early_harms_no_other(self):
        with chat(max_tokens=1000, stream=True) as stream:
            self.assertTrue(next(iter(stream)).choices)
        self.assertEqual(chat(max_tokens=2).usage.completion_tokens, 2)

    def test_many_streams_run_at_once(self):
        async def one(asynchronous):
            stream = await asynchronous.chat.completions.create(model="any", messages=MESSAGES, stream=True)
            return text_of([chunk async for chunk in stream])

        async def all_of_them():
            async with openai.AsyncOpenAI(base_url=BASE, api_key="unused", max_retries=0) as asynchronous:
                return await asyncio.gather(*(one(asynchronous) for _ in range(40)))

        self.assertEqual(set(asyncio.run(all_of_them())), {chat().choices[0].message.content})

    def test_several_choices_are_told_apart_and_counted(self):
        answer = chat(n=2, max_tokens=3)
        self.assertEqual([choice.index for choice in answer.choices], [0, 1])
        self.assertEqual(answer.usage.completion_tokens, 6)
        texts = {0: "", 1: ""}
        for chunk in chat(n=2, max_tokens=3, stream=True):
            for choice in chunk.choices:
                texts[choice.index] += choice.delta.content or ""
        self.assertEqual(texts, {choice.index: choice.message.content for choice in answer.choices})


class Completions(unittest.TestCase):
    def test_an_answer_has_a_text_and_the_usage(self):
        answer = complete("three short words", max_tokens=4)
        self.assertEqual(answer.object, "text_completion")
        self.assertEqual(len(answer.choices[0].text.split()), 4)
        self.assertEqual((answer.usage.prompt_tokens, answer.usage.completion_tokens), (3, 4))

    def test_a_stream_says_what_the_answer_says(self):
        chunks = list(complete("word", max_tokens=4, stream=True, stream_options={"include_usage": True}))
        text = "".join(choice.text for chunk in chunks for choice in chunk.choices)
        self.assertEqual(text, complete("word", max_tokens=4).choices[0].text)
        self.assertEqual((chunks[-1].choices, chunks[-1].usage.completion_tokens), ([], 4))

    def test_each_prompt_has_a_choice(self):
        answer = complete(["a b", "c d e"], max_tokens=2)
        self.assertEqual([choice.index for choice in answer.choices], [0, 1])
        self.assertEqual((answer.usage.prompt_tokens, answer.usage.completion_tokens), (5, 4))

    def test_tokens_are_prompts_too(self):
        self.assertEqual(complete([1, 2, 3, 4], max_tokens=1).usage.prompt_tokens, 4)
        answer = complete([[1, 2, 3], [4]], max_tokens=1)
        self.assertEqual((len(answer.choices), answer.usage.prompt_tokens), (2, 4))


class Models(unittest.TestCase):
    def test_there_is_a_list(self):
        models = list(client.models.list())
        self.assertTrue(models)
        self.assertEqual({model.object for model in models}, {"model"})

    def test_each_of_the_list_can_be_retrieved(self):
        for model in client.models.list():
            self.assertEqual(client.models.retrieve(model.id), model)

    def test_no_other_can(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            client.models.retrieve("nobody")
        self.assertIn("nobody", caught.exception.message)
        self.assertEqual(caught.exception.code, "model_not_found")


class Errors(unittest.TestCase):
    def test_a_request_that_is_not_right_is_a_bad_request_that_says_why(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            chat(max_tokens=0)
        self.assertIn("max_tokens", caught.exception.message)
        self.assertEqual(caught.exception.type, "invalid_request_error")
        with self.assertRaises(openai.BadRequestError):
            client.chat.completions.create(model="any", messages=[])
        with self.assertRaises(openai.BadRequestError):
            chat(max_tokens=-1, stream=True)

    def test_a_route_that_is_not_there_says_so(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            client.embeddings.create(model="any", input="text", encoding_format="float")
        self.assertIn("message", caught.exception.body)
        with self.assertRaises(openai.APIStatusError) as caught:
            client.delete("/models", cast_to=object)
        self.assertEqual(caught.exception.status_code, 405)
        self.assertIn("message", caught.exception.body)


if __name__ == "__main__":
    unittest.main()
