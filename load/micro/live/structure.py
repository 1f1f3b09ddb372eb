"""One of the processes of structures.ts: what structure.ts does, for marisa-trie and keyvi. Needs both from PyPI."""
import json
import random
import sys
import time

kind, action, path, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
CHANGED, ROUNDS, ASKED = 100, 9, 50_000
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(i):
    text = ""
    while True:
        text = DIGITS[i % 36] + text
        i //= 36
        if i == 0:
            return text


def key_of(i):
    return f"term {(i * 7919) % 1_000_003} {base36(i)}"


def create(changed):
    def value_of(i):
        return f"changed {i}" if changed and i % CHANGED == 0 else f"replacement {i}"

    if kind == "marisa-trie":
        import marisa_trie

        marisa_trie.BytesTrie((key_of(i), value_of(i).encode()) for i in range(count)).save(path)
    if kind == "keyvi":
        from keyvi.compiler import StringDictionaryCompiler

        compiler = StringDictionaryCompiler()
        for i in range(count):
            compiler.Add(key_of(i), value_of(i))
        compiler.Compile()
        compiler.WriteToFile(path)


def opened():
    if kind == "marisa-trie":
        import marisa_trie

        trie = marisa_trie.BytesTrie().mmap(path)
        return lambda key: trie.get(key)
    if kind == "keyvi":
        from keyvi.dictionary import Dictionary

        dictionary = Dictionary(path)
        return lambda key: dictionary.get(key)
    return lambda key: None


def look():
    begun = time.process_time()
    get = opened()
    open_ms = (time.process_time() - begun) * 1000
    found = sum(get(key_of(i)) is not None for i in range(count))
    if found != count and kind != "empty-python":
        raise SystemExit(f"{kind}: {found} of {count} found")
    with open("/proc/self/smaps_rollup") as rollup:
        pss = next(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Pss:"))
    asked = [key_of(random.randrange(count)).encode() for _ in range(ASKED)]

    def median_ns(keys):
        taken = []
        for _ in range(ROUNDS):
            start = time.process_time()
            for key in keys:
                get(key.decode("latin1"))
            taken.append(time.process_time() - start)
        return sorted(taken)[ROUNDS // 2] * 1e9 / len(keys)

    return {"openMs": open_ms, "pssBytes": pss, "hitNs": median_ns(asked), "missNs": median_ns([k + b"?" for k in asked])}


def make():
    begun = time.process_time()
    create(False)
    again = time.process_time()
    create(True)
    return {"createMs": (again - begun) * 1000, "updateMs": (time.process_time() - again) * 1000}


print(json.dumps(make() if action == "make" else look()))
