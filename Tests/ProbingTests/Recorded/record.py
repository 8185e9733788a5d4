"""Writes jsonpath.tsv: random queries over random documents, with what an independent implementation selects.

    pip install jsonpath-rfc9535 && python3 record.py > jsonpath.tsv
"""
import json
import random
import re

import jsonpath_rfc9535 as jsonpath

random.seed(9535)
NAMES = ["a", "b", "c", "long name", "é", "☺", "'", "1"]
SCALARS = [None, True, False, 0, 1, -1, 2, 3.5, 100, -0.25, 9007199254740991, "", "a", "b", "ab", "x\"y", "é", "☺ok", "\n"]


def document(depth):
    kind = random.random()
    if depth == 0 or kind < 0.3:
        return random.choice(SCALARS)
    if kind < 0.65:
        return [document(depth - 1) for _ in range(random.randint(0, 5))]
    return {name: document(depth - 1) for name in random.sample(NAMES, random.randint(0, 4))}


def name():
    chosen = random.choice(NAMES)
    return "'" + chosen.replace("'", "\\'") + "'" if random.random() < 0.5 else json.dumps(chosen)


def number():
    return random.choice(["", str(random.randint(-6, 6))])


def selector(depth):
    kind = random.randint(0, 5 if depth else 4)
    if kind == 0:
        return name()
    if kind == 1:
        return "*"
    if kind == 2:
        return str(random.randint(-4, 4))
    if kind in (3, 4):
        step = random.choice(["", ":", ":2", ":-1", ":-2", ":0", ":1"])
        return f"{number()}:{number()}{step}"
    return "?" + condition(depth - 1)


def segments(depth, count):
    text = ""
    for _ in range(count):
        text += random.choice(["", "", ".."])
        text += "[" + random.choice([",", " , "]).join(selector(depth) for _ in range(random.randint(1, 2))) + "]"
    return text


def singular():
    text = random.choice("@@@$")
    for _ in range(random.randint(0, 2)):
        text += random.choice([f"[{name()}]", f"[{random.randint(-2, 2)}]", ".a", ".b"])
    return text


def operand():
    kind = random.randint(0, 5)
    if kind < 3:
        return singular()
    if kind == 3:
        return json.dumps(random.choice(SCALARS), ensure_ascii=False)
    if kind == 4:
        return f"length({singular()})"
    return random.choice([f"count(@{segments(0, 1)})", f"value(@{segments(0, 1)})"])


def condition(depth):
    kind = random.randint(0, 6)
    if kind < 3:
        return f"{operand()} {random.choice(['==', '!=', '<', '<=', '>', '>='])} {operand()}"
    if kind == 3:
        return f"{random.choice(['', '!', '! '])}@{segments(depth, random.randint(0, 2))}"
    if kind == 4:
        return f"{condition(0)} {random.choice(['&&', '||'])} {condition(0)}"
    if kind == 5:
        return f"{random.choice(['', '!'])}({condition(depth)} || {condition(0)}) && {condition(0)}"
    pattern = random.choice(["'.b?'", "'a'", "'[^a]'", "'☺?o.'"])
    return f"{random.choice(['match', 'search'])}({singular()}, {pattern})"


rows = 0
while rows < 600:
    value = document(4)
    query = "$" + segments(2, random.randint(1, 3))
    # It takes `?@` for a question of the value, where RFC 9535, 2.3.5.2.1 has it ask whether the node is there.
    if re.search(r"(\?|!|&&|\|\||\() ?@ ?($|,|\]|\)|&&|\|\|)", query):
        continue
    nodes = [node.value for node in jsonpath.find(query, value)]
    if len(nodes) > 200 or (not nodes and random.random() < 0.7):
        continue
    fields = [query] + [json.dumps(item, separators=(",", ":"), ensure_ascii=False) for item in (value, nodes)]
    assert not any("\t" in field or "\n" in field for field in fields)
    print("\t".join(fields))
    rows += 1
